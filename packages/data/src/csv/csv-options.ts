import { checks, type Options } from '@polytask/core';
import { string, strings, text } from '../options/checks.ts';
import type { Compression } from './decode.ts';

/** The format of a CSV text. */
export interface CsvOptions {
  /** Between cells. Default `,`. */
  readonly delimiter?: string;
  /** The names of the columns, for a file whose first line does not hold them. */
  readonly header?: readonly string[];
  /** The number of lines to skip at the beginning of the file, before names and rows: a title, say. Default 0. */
  readonly skip?: number;
  /** Skips lines that begin with this text, such as `'#'`, except within a quoted cell. Default: none. */
  readonly comment?: string;
  /** Removes blanks at both ends of a cell. Default true. */
  readonly trim?: boolean;
  /** Cells that mean "no value", besides the empty one: `['?', 'NA']`. */
  readonly missing?: readonly string[];
  /** Between the whole and the fraction of a number. With `,` the points in `1.234,5` are between thousands. Default `.`. */
  readonly decimal?: '.' | ',';
  /** The name of the source in messages. Default: its path or URL. */
  readonly name?: string;
}

/** The format of a CSV file: its text and its bytes. */
export interface CsvFileOptions extends CsvOptions {
  /** Default: by the first bytes and the ending of the name (.gz, .br). */
  readonly compression?: Compression;
  /** An encoding of `TextDecoder`. Default: UTF-16 by its byte order mark, else UTF-8. */
  readonly encoding?: string;
}

const { flag, oneOf, optional, wholeNumber } = checks;

/** The option checks of a CSV text. Its reader checks delimiter and comment further. */
export const CSV_OPTIONS: Options<CsvOptions> = {
  delimiter: optional(string),
  header: optional(strings),
  skip: optional(wholeNumber()),
  comment: optional(string),
  trim: optional(flag),
  missing: optional(strings),
  decimal: optional(oneOf('.', ',')),
  name: optional(text),
};

export const CSV_FILE_OPTIONS: Options<CsvFileOptions> = {
  ...CSV_OPTIONS,
  compression: optional(oneOf('gzip', 'brotli', 'none')),
  encoding: optional(text),
};

import { checks, type Options } from '@polytask/core';
import { string, strings, text } from '../options/checks.ts';
import type { Compression } from './decode.ts';

/** How a CSV text is written. */
export interface CsvOptions {
  /** Between cells. Default `,`. */
  readonly delimiter?: string;
  /** The names of the columns, for a file that does not begin with them. */
  readonly header?: readonly string[];
  /** So many first lines of the file are passed over, before names and rows: a title, say. Default 0. */
  readonly skip?: number;
  /** Lines that begin with this text are passed over: `'#'`. A line within a quoted cell is none. Default: none. */
  readonly comment?: string;
  /** Takes blanks off both ends of a cell. Default true. */
  readonly trim?: boolean;
  /** Cells that mean "no value", besides the empty one: `['?', 'NA']`. */
  readonly missing?: readonly string[];
  /** What messages call the source. Default: its path or URL. */
  readonly name?: string;
}

/** How the bytes of a file are to be read. */
export interface CsvFileOptions extends CsvOptions {
  /** Default: by the first bytes and the ending of the name (.gz, .br). */
  readonly compression?: Compression;
  /** As `TextDecoder` knows it. Default `utf-8`. */
  readonly encoding?: string;
}

const { flag, oneOf, optional, wholeNumber } = checks;

/** A check for each option of a CSV text. What delimiters and comments can be, its reader says. */
export const CSV_OPTIONS: Options<CsvOptions> = {
  delimiter: optional(string),
  header: optional(strings),
  skip: optional(wholeNumber()),
  comment: optional(string),
  trim: optional(flag),
  missing: optional(strings),
  name: optional(text),
};

/** The same of a CSV file. */
export const CSV_FILE_OPTIONS: Options<CsvFileOptions> = {
  ...CSV_OPTIONS,
  compression: optional(oneOf('gzip', 'brotli', 'none')),
  encoding: optional(text),
};

import { flag, listOf, oneOf, optional, string, text, wholeNumber } from '@polytask/components';
import type { FromDescription, Written } from '@polytask/components';

/** The options of a CSV text. Its reader checks delimiter and comment further. */
export const csvOptions = {
  /** Between cells. Default `,`. */
  delimiter: optional(string),
  /** The names of the columns, for a file whose first line does not hold them. */
  header: optional(listOf(string, 1)),
  /** The number of lines to skip at the beginning of the file, before names and rows: a title, say. Default 0. */
  skip: optional(wholeNumber()),
  /** Skips lines that begin with this text, such as `'#'`, except within a quoted cell. Default: none. */
  comment: optional(string),
  /** Removes blanks at both ends of a cell. Default true. */
  trim: optional(flag),
  /** Cells that mean "no value", besides the empty one: `['?', 'NA']`. */
  missing: optional(listOf(string)),
  /** Between the whole and the fraction of a number. With `,` the points in `1.234,5` are between thousands. Default `.`. */
  decimal: optional(oneOf('.', ',')),
  /** Skips rows with too many or too few cells, and lists them: in `skipped` of a table, in the warnings of a data set. Default false: an error. */
  skipBadRows: optional(flag),
  /** The name of the source in messages. Default: its path or URL. */
  name: optional(text),
};

/** The format of a CSV text. */
export interface CsvOptions extends Written<typeof csvOptions>, FromDescription {}

export const csvFileOptions = {
  ...csvOptions,
  /** Default: by the first bytes and the ending of the name (.gz, .br). */
  compression: optional(oneOf('gzip', 'brotli', 'none')),
  /** An encoding of `TextDecoder`. Default: UTF-16 by its byte order mark, else UTF-8. */
  encoding: optional(text),
};

/** The format of a CSV file: its text and its bytes. */
export interface CsvFileOptions extends Written<typeof csvFileOptions>, FromDescription {}

import type { Compression } from './decompress.ts';

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

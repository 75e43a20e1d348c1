import type { Compression } from './decompress.ts';

/** How a CSV text is written. */
export interface CsvOptions {
  /** Between cells. Default `,`. */
  readonly delimiter?: string;
  /** The names of the columns, for a file that does not begin with them. */
  readonly header?: readonly string[];
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

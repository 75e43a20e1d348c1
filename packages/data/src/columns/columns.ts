/** Texts by number: `dictionary[codes[row]]`. */
export interface Texts {
  /** [rows]; −1 where the value is missing. */
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
}

/** Several texts in a row: those of row r are `codes[offsets[r]]` to `codes[offsets[r + 1] − 1]`. */
export interface Lists {
  /** [rows + 1] */
  readonly offsets: Uint32Array;
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
  /** What stood between them where the cell was one text. */
  readonly separator: string;
}

/** `width` numbers in a row, row-major [rows × width]. */
export interface Vectors {
  readonly width: number;
  readonly values: Float32Array;
}

/** The forms in which a column can be held. Numbers: [rows], NaN where the value is missing. */
export interface ColumnForms {
  readonly numbers: Float64Array;
  readonly texts: Texts;
  readonly lists: Lists;
  readonly vectors: Vectors;
}

/** Raw columns by form and name: numbers and texts by the column's name, lists and vectors by the feature's. */
export type Columns = { readonly [K in keyof ColumnForms]: Readonly<Record<string, ColumnForms[K]>> };

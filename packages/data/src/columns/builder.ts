/** Takes a column's values one by one and gives typed arrays. */
export interface ColumnBuilder<C> {
  /** What a value has to be, for the error where one is not. */
  readonly expected: string;
  /** Adds a value; false, and nothing added, where it is not what the column holds. */
  push(value: unknown): boolean;
  /** Adds what a text file has in a cell. */
  pushText(text: string): boolean;
  finish(): C;
}

/** Cells of a text file that mean that there is no value; the empty cell always does. */
export type MissingMarkers = ReadonlySet<string>;

export const EMPTY_CELL: MissingMarkers = new Set(['']);

import type { SeenRows, Table } from '@polytask/data';
import { recognizer } from '@polytask/data/internal';
import type { SeenCount } from '@polytask/study';

/** The rows of a file that a model was trained on. */
export interface SeenInFile {
  /** [rows] of the next table of the file, 1 for a row that the model was trained on, else 0. */
  isSeen(table: Table): Uint8Array;
  /** The counts of all tables so far. Empty if the folder of the model doesn't say which rows it was trained on. */
  leftOut(): readonly SeenCount[];
}

/**
 * Recognizes the rows of a file that a model was trained on.
 *
 * @param rows what they are, for the report
 * @param seen the rows of the training, if they are known
 * @param withValidation whether the validation rows of the training count, too
 * @param before tables with rows of the training, which these rows follow
 */
export function seenInFile(
  rows: string,
  seen: SeenRows | undefined,
  withValidation = true,
  before: readonly Table[] = [],
): SeenInFile {
  const recognized = seen && recognizer(seen, withValidation);
  for (const table of before) recognized?.(table);
  let [of, found] = [0, 0];
  return {
    isSeen(table) {
      const flags = recognized?.(table) ?? new Uint8Array(table.size);
      of += table.size;
      found += flags.reduce((sum, flag) => sum + flag, 0);
      return flags;
    },
    leftOut: () => (seen ? [{ rows, of, seen: recognized ? found : null }] : []),
  };
}

import type { Row } from '@polytask/core';
import { mapValues } from '@polytask/core/internal';
import { withoutMarkers } from '@polytask/data/internal';
import { inSlices } from './turns.ts';

/**
 * Reads the rows of requests as the model's files are read: with null for values, and entries of lists, that mean "no value" there.
 *
 * @param missing such as `?`, or `-999`, which also stands for the number
 */
export function missingValues(missing: readonly string[] = []): (rows: readonly Row[]) => Promise<readonly Row[]> {
  const unmarked = withoutMarkers(missing);
  const rowOf = (row: Row): Row =>
    typeof row === 'object' && row !== null && !Array.isArray(row) // what is no row is refused later
      ? mapValues(row, unmarked)
      : row;
  return async (rows) =>
    missing.length === 0 ? rows : (await inSlices(rows.length, (from, to) => rows.slice(from, to).map(rowOf))).flat();
}

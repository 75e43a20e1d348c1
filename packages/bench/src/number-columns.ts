import { recordOf } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { predictedColumns } from '@polytask/core/internal';
import { numeric, readRows, type Table } from '@polytask/data';
import type { ExternalPredictions } from '@polytask/study';

export const ROW_ID = 'row_id';

/** A file of numbers as one table. @param keep further columns, of texts */
export const numbersOf = (file: string, columns: readonly string[], keep: readonly string[] = []): Promise<Table> =>
  readRows(file, { features: recordOf(columns, () => numeric()), tasks: {}, csv: {} }, { keep });

/** The value of each row in a column that was kept; undefined for a missing value. */
export function valuesOf({ columns }: Table, column: string): (string | undefined)[] {
  const { codes, dictionary } = columns.texts[column]!;
  return Array.from(codes, (code) => (code < 0 ? undefined : dictionary[code]));
}

/** Reads a file of predictions: `row_id`, and the columns of each task. @throws PolytaskError for a missing column */
export async function readExternal(source: string, tasks: Tasks): Promise<ExternalPredictions> {
  const columns = Object.entries(tasks).flatMap(([name, task]) => predictedColumns(task, name));
  const table = await numbersOf(source, columns, [ROW_ID]);
  return { source, ids: valuesOf(table, ROW_ID).map((id = '') => id), columns: table.columns.numbers };
}

import type { Schema, Tasks } from '@polytask/core';
import { allRows } from '../columns/all-rows.ts';
import { checkRows } from '../columns/gather.ts';
import type { Table } from '../table/table.ts';
import { schemaFitter } from './schema-fitter.ts';

/**
 * Fits the features and tasks of a table: vocabularies, means and deviations, classes.
 *
 * @param rows the training rows; all by default. No other row has any influence.
 * @returns plain JSON, to encode tables with and to be saved with the model
 * @throws PolytaskError where a task has no label in these rows, or a positive value is misspelt
 * @example
 * const schema = fitSchema(train);
 * const [encodedTrain, encodedTest] = [encode(train, schema), encode(test, schema)];
 */
export function fitSchema<T extends Tasks>(table: Table<T>, rows: ArrayLike<number> = allRows(table.size)): Schema<T> {
  checkRows(rows, table.size);
  const fitter = schemaFitter(table);
  fitter.add(table, rows);
  return fitter.finish();
}

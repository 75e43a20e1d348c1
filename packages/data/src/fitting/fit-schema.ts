import { fail, validateTasks, type Feature, type Schema, type Tasks } from '@polytask/core';
import { checkRows } from '../columns/gather.ts';
import { allRows } from '../columns/all-rows.ts';
import type { Table } from '../table/table.ts';
import { fitFeature } from './fit-feature.ts';
import { fitTask } from './fit-task.ts';

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
  if (rows.length === 0) {
    fail({ expected: 'at least one training row', received: 'none', mend: 'Make the validation and test parts smaller.' });
  }
  const features: Record<string, Feature> = {};
  for (const [name, declared] of Object.entries(table.features)) features[name] = fitFeature(table, name, declared, rows);
  const tasks = Object.fromEntries(
    Object.entries(table.tasks).map(([name, task]) => [name, fitTask(table, name, task, rows)]),
  ) as Record<string, unknown> as T;
  validateTasks(tasks);
  return { features, tasks };
}

import { fail, validateTasks, type Schema, type Tasks, type Feature } from '@polytask/core';
import { allRows, checkRows } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';
import { featureFitter } from './feature-kinds.ts';
import type { Fitter } from './statistics.ts';
import { taskFitter } from './task-fitter.ts';

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

/** Fits all features. @param cap how many different values of a feature are counted at most */
export function featuresFitter(features: Declaration['features'], cap = Infinity): Fitter<Record<string, Feature>> {
  const fitters = Object.entries(features).map(
    ([name, declared]) => [name, featureFitter(name, declared, cap)] as const,
  );
  let size = 0;
  return {
    add(table, rows) {
      for (const [, fitter] of fitters) fitter.add(table, rows);
      size += rows.length;
    },
    finish() {
      if (size === 0) {
        fail({
          expected: 'at least one training row',
          received: 'none',
          mend: 'Make the validation and test parts smaller.',
        });
      }
      return finished(fitters);
    },
  };
}

/** Fits all tasks. */
function tasksFitter<T extends Tasks>(tasks: T): Fitter<T> {
  const fitters = Object.entries(tasks).map(([name, task]) => [name, taskFitter(name, task)] as const);
  return {
    add(table, rows) {
      for (const [, fitter] of fitters) fitter.add(table, rows);
    },
    finish() {
      const fitted = finished(fitters) as unknown as T;
      validateTasks(fitted);
      return fitted;
    },
  };
}

/** Fits all features and tasks of a declaration. @param cap how many different values of a feature are counted at most */
export function schemaFitter<T extends Tasks>({ features, tasks }: Declaration<T>, cap = Infinity): Fitter<Schema<T>> {
  const [ofFeatures, ofTasks] = [featuresFitter(features, cap), tasksFitter(tasks)];
  return {
    add(table, rows) {
      ofFeatures.add(table, rows);
      ofTasks.add(table, rows);
    },
    finish: () => ({ features: ofFeatures.finish(), tasks: ofTasks.finish() }),
  };
}

const finished = <R>(fitters: readonly (readonly [string, Fitter<R>])[]): Record<string, R> =>
  Object.fromEntries(fitters.map(([name, fitter]) => [name, fitter.finish()]));

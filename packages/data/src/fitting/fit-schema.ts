import { mapValues } from '@polytask/components';
import { fail, layoutOf, contextsOf, checkTasks, type Feature, type Schema, type Tasks } from '@polytask/core';
import { allRows, checkRows } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { featureFitter, idsOf } from '../declarations/features.ts';
import { emptyVocabularies } from '../declarations/ids.ts';
import type { Table } from '../table/table.ts';
import type { Fitter } from '../statistics/statistics.ts';
import { RowSample } from './row-sample.ts';
import { taskFitter } from '../labels/index.ts';

/**
 * Fits the features and tasks of a table: vocabularies, means and standard deviations, classes.
 *
 * @param rows the indices of the training rows; default: all rows. Other rows have no effect.
 * @returns plain JSON, which encodes tables and is saved with the model
 * @throws PolytaskError for a task without a label in these rows, for a positive value that doesn't occur, and for a context that is no
 * feature with one id
 * @example
 * const schema = fitSchema(train);
 * const [encodedTrain, encodedTest] = [encode(train, schema), encode(test, schema)];
 */
export function fitSchema<T extends Tasks, F extends string = string>(
  table: Table<T, F>,
  rows: ArrayLike<number> = allRows(table.size),
): Schema<T, F> {
  checkRows(rows, table.size);
  const fitter = schemaFitter(table);
  fitter.add(table, rows);
  return fitter.finish();
}

/** Fits all features and tasks of a declaration. @param cap the largest number of different values to count for a feature */
export function schemaFitter<T extends Tasks, F extends string = string>(
  declaration: Declaration<T, F>,
  cap = Infinity,
): Fitter<Schema<T, F>> {
  const features = featuresFitter(declaration.features, cap);
  const tasks = mapValues(declaration.tasks, (task, name) => taskFitter(name, task));
  const sample = new RowSample();
  return {
    add(table, rows) {
      features.add(table, rows);
      for (const fitter of Object.values(tasks)) fitter.add(table, rows);
      sample.add(table, rows);
    },
    finish() {
      const fitted = finishedTasks<T>(tasks);
      return schemaOf(features.finish([sample.labeled(fitted)]), fitted, declaration.context);
    },
  };
}

/**
 * A fitted schema.
 *
 * @throws PolytaskError for a context that is no feature with one id, and for one that is there twice
 */
export function schemaOf<T extends Tasks, F extends string = string>(
  features: Schema<T, F>['features'],
  tasks: T,
  context: Declaration['context'] = [],
): Schema<T, F> {
  const schema = { features, tasks, ...(context.length > 0 && { context }) };
  contextsOf(schema, layoutOf(schema));
  return schema;
}

/** Fits all features. @param cap the largest number of different values to count for a feature */
export function featuresFitter<F extends string>(
  features: Declaration<Tasks, F>['features'],
  cap: number,
): Fitter<Record<F, Feature>> {
  const vocabularies = emptyVocabularies(
    mapValues(features, (declared, name) => idsOf(name, declared)),
    cap,
  );
  const fitters = mapValues(features, (declared, name) => featureFitter(name, declared, vocabularies));
  let size = 0;
  return {
    add(table, rows) {
      for (const fitter of Object.values<Fitter<Feature>>(fitters)) fitter.add(table, rows);
      size += rows.length;
    },
    finish(samples) {
      if (size === 0) {
        fail({
          expected: 'at least one training row',
          received: 'none',
          fix: 'Make the validation and test parts smaller.',
        });
      }
      const fitted = mapValues(fitters, (fitter) => fitter.finish(samples));
      layoutOf({ features: fitted }); // checks the features that others name
      return fitted;
    },
  };
}

/** @throws PolytaskError for a task without labels, and for tasks that no model can have */
export function finishedTasks<T extends Tasks>(fitters: Readonly<Record<string, Fitter<Tasks[string]>>>): T {
  const tasks = mapValues(fitters, (fitter) => fitter.finish());
  checkTasks(tasks);
  return tasks as Tasks as T;
}

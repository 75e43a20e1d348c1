import { fail, validateTasks, type Feature, type Schema, type Tasks } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';
import { featureFitter } from './feature-kinds.ts';
import type { Fitter } from './fitter.ts';
import { taskFitter } from './task-fitter.ts';

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
export function tasksFitter<T extends Tasks>(tasks: T): Fitter<T> {
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

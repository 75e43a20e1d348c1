import { fail, validateTasks, type Schema, type Tasks } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';
import { featureFitter } from './feature-fitter.ts';
import type { Fitter } from './fitter.ts';
import { taskFitter } from './task-fitter.ts';

/** Fits all features and tasks of a declaration. @param cap how many different values of a feature are counted at most */
export function schemaFitter<T extends Tasks>({ features, tasks }: Declaration<T>, cap = Infinity): Fitter<Schema<T>> {
  const featureFitters = Object.entries(features).map(([name, declared]) => [name, featureFitter(name, declared, cap)] as const);
  const taskFitters = Object.entries(tasks).map(([name, task]) => [name, taskFitter(name, task)] as const);
  let size = 0;
  return {
    add(table, rows) {
      for (const [, fitter] of [...featureFitters, ...taskFitters]) fitter.add(table, rows);
      size += rows.length;
    },
    finish() {
      if (size === 0) {
        fail({ expected: 'at least one training row', received: 'none', mend: 'Make the validation and test parts smaller.' });
      }
      const fittedTasks = finished(taskFitters) as unknown as T;
      validateTasks(fittedTasks);
      return { features: finished(featureFitters), tasks: fittedTasks };
    },
  };
}

const finished = <R>(fitters: readonly (readonly [string, Fitter<R>])[]): Record<string, R> =>
  Object.fromEntries(fitters.map(([name, fitter]) => [name, fitter.finish()]));

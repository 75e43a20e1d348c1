import type { Task } from '@polytask/core';
import { binaryFitter } from './binary-fitter.ts';
import type { Fitter } from './fitter.ts';
import { multiclassFitter } from './multiclass-fitter.ts';
import { regressionFitter } from './regression-fitter.ts';

/**
 * The task as a model needs it, with what its labels in the training rows say: the share of yes, the classes and their
 * shares, or mean and deviation. Rows count by their sample weight.
 */
export function taskFitter(name: string, task: Task): Fitter<Task> {
  switch (task.kind) {
    case 'binary':
      return binaryFitter(name, task);
    case 'multiclass':
      return multiclassFitter(name, task);
    case 'regression':
      return regressionFitter(name, task);
  }
}

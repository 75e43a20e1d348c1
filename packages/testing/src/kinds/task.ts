import { anything, optional, type Option } from '@polytask/components';
import { declareTask, labelOf, lossOf, predictionOf, type Label, type Prediction, type Task } from '@polytask/core';
import type { Numbers } from '../cases/agreement.ts';
import { fittedTask, foundIn, foundInRows, predictionsOf, taskWith, type FittedTask } from '../checks/tasks.ts';
import { tester } from '../tester.ts';
import { modelWith } from '../tiny/tiny-model.ts';
import { lossOfRows } from './loss.ts';

/** What is tested of a task: what it declares, and what a fit finds. The model has the task beside a binary one. */
const subjectOf = (task: Task) => ({
  ...{ task, meaning: task, rows: foundInRows(task) },
  model: modelWith(() => fittedTask(task).task),
  way: () => ({ task }),
});

/**
 * Tests a kind of task, in a model with a binary one beside it.
 *
 * @example testTask(regression({ log: true }), { runner }); // with classes, labels or cut points where the kind has some
 */
export const testTask = tester({ kind: 'task', of: declareTask }, ({ kind, ...config }: Task) => {
  const task = { kind, ...config };
  return {
    ...subjectOf(task),
    spec: { kind: 'task', name: kind, config },
    numbers: (spec) => ({ 'the predictions': predictionsOf(declareTask(spec.name, spec.config as object)) }),
    loss: () => lossOfRows(lossOf(task), task),
  };
});

const options = {
  /** A task that has it. Default: one of the first kind of task that has it. */
  task: optional(anything as Option<Task>),
};

/** The test of a type of label or prediction, in a task that has it. @param numbersOf what is computed with it */
const testOfType = <Type extends string>(
  kind: 'label' | 'prediction',
  typeOf: (task: Task) => Type,
  numbersOf: (fitted: FittedTask) => Numbers,
) =>
  tester({ kind, options, of: (name) => name }, (name: Type, { task: given }) => {
    const task = given ?? taskWith(`a ${kind} of the type "${name}"`, (each) => typeOf(each) === name);
    return { ...subjectOf(task), spec: { kind, name, config: {} }, numbers: () => numbersOf(fittedTask(task)) };
  });

/**
 * Tests a type of label, in a model with a task that has it. A case throws when no kind of task has such a label.
 *
 * @example testLabel('number', { task: regression({ log: true }), runner });
 */
export const testLabel = testOfType(
  'label',
  (task): Label['type'] => labelOf(task).type,
  ({ task, labels }) => ({ ...foundIn(task), 'the labels': labels }),
);

/**
 * Tests a type of prediction, in a model with a task that has it. A case throws when no kind of task has such a prediction.
 *
 * @example testPrediction('quantiles', { task: gaussian(), runner });
 */
export const testPrediction = testOfType(
  'prediction',
  (task): Prediction['type'] => predictionOf(task).type,
  ({ task }) => ({ 'the predictions': predictionsOf(task) }),
);

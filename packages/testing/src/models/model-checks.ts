import {
  labelsOf,
  lossesOf,
  logitsOf as widthOf,
  taskLossAt,
  padBatch,
  type Batch,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { expectRowsApart } from '../checks/rows.ts';
import { gradientNumbers } from '../tiny/numbers.ts';
import { gradientsOf, logitsOf, tinyBatch, withModels } from '../tiny/tiny-model.ts';

/** Each task has finite outputs [batch × width], and a row has the same outputs alone and in a batch. */
export function checkModelShapes(build: () => MultiTaskModel): void {
  withModels([build()], (model) => {
    const [one, five] = [logitsOf(model, 1), logitsOf(model, 5)];
    for (const [rows, logits] of [
      [1, one],
      [5, five],
    ] as const) {
      for (const task of model.taskNames) {
        const count = rows * widthOf(task, model.schema.tasks[task]!);
        if (logits[task]?.length === count) continue;
        broken({
          expected: `${count} outputs of task ${task} for ${rows} rows`,
          seen: String(logits[task]?.length),
          fix: 'Give each task a lane [batch, width].',
        });
      }
      expectFinite(logits, 'Guard logarithms, divisions and roots at 0.');
    }
    expectRowsApart(model);
  });
}

/**
 * With the same seed, tasks listed in another order have the same outputs and the same gradients. Each task's parameters
 * start from the task's name.
 *
 * @param noisy whether training draws noise in the tasks' order, so that the gradients may differ
 */
export function checkTaskOrder(tasks: Tasks, build: (tasks: Tasks) => MultiTaskModel, noisy = false): void {
  const [first, ...rest] = Object.entries(tasks);
  withModels([build(tasks), build(Object.fromEntries([...rest, first!]))], (model, reordered) => {
    const fix = 'Go by the names of tasks and units, not by their places.';
    expectAgreement(logitsOf(reordered, 5), logitsOf(model, 5), 1e-4, {
      what: 'the same outputs when the tasks are listed in another order',
      fix,
    });
    if (noisy) return;
    expectAgreement(sorted(gradientsOf(reordered, 8)), sorted(gradientsOf(model, 8)), 1e-4, {
      what: 'the same gradients, sorted, when the tasks are listed in another order',
      fix,
    });
  });
}

/** Sorts the numbers of each parameter, as the members of a bank are in the tasks' order. */
const sorted = (gradients: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, [...values].sort((a, b) => a - b)]));

const ROWS = 6;
const LEFT = 4;

/** The gradient of one task's loss by parameter, outside of training. */
const gradientOf = (model: MultiTaskModel, batch: Batch, task: string): Numbers =>
  tf.tidy(() => {
    const tensors = model.toTensors(batch);
    const place = model.taskNames.indexOf(task);
    return gradientNumbers(() => taskLossAt(lossesOf(model, tensors), place), model.store.trainable());
  });

/** The batch without labels (NaN, weight 0) of these tasks from row `from` on. */
const without = (batch: Batch, tasks: readonly string[], from: number): Batch => {
  const copy = padBatch(batch, batch.size);
  for (const { labels, weights } of tasks.map((task) => labelsOf(copy, task))) {
    labels.fill(NaN, from);
    weights.fill(0, from);
  }
  return copy;
};

/**
 * A task without labels doesn't change the gradients of the other tasks. A row of weight 0 doesn't change any gradient,
 * whatever its features are.
 */
export function checkMasks(build: () => MultiTaskModel): void {
  withModels([build()], (model) => {
    const all = tinyBatch(model, ROWS);
    const fix = "Let a row's outputs depend on that row alone, when not training.";
    const [first] = model.taskNames;
    const cut = without({ ...all, numeric: all.numeric.slice() }, model.taskNames, LEFT);
    cut.numeric.fill(100, LEFT * (cut.numeric.length / ROWS));
    for (const task of model.taskNames) {
      if (task !== first) {
        expectAgreement(gradientOf(model, without(all, [first!], 0), task), gradientOf(model, all, task), 0, {
          what: `the gradient of ${task} without labels of ${first}`,
          fix,
        });
      }
      expectAgreement(gradientOf(model, cut, task), gradientOf(model, tinyBatch(model, LEFT), task), 1e-5, {
        what: `the gradient of ${task} on ${LEFT} rows, with rows of weight 0 after them`,
        fix,
      });
    }
  });
}

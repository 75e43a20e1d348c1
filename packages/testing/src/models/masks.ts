import type { Batch, MultiTaskModel } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { expectAgreement, type Numbers } from '../checks/agreement.ts';
import { tinyBatch } from '../tiny/tiny-model.ts';

const ROWS = 6;
const LEFT = 4;

/** The gradient of one task's loss by parameter, as when not training. */
function gradientOf(model: MultiTaskModel, batch: Batch, task: string): Numbers {
  return tf.tidy(() => {
    const tensors = model.toTensors(batch);
    const parameters = model.store.trainable();
    const { grads } = tf.variableGrads(
      () => model.losses(tensors).tasks[task]!,
      parameters.map(({ variable }) => variable),
    );
    return Object.fromEntries(
      parameters.map(({ name, variable }) => [
        name,
        grads[variable.name]?.dataSync().slice() ?? new Float32Array(variable.size),
      ]),
    );
  });
}

/** The batch with no labels (NaN, weight 0) of these tasks from a row on. */
const without = (batch: Batch, tasks: readonly string[], from: number): Batch => {
  const replaced = (values: Record<string, Float32Array>, by: number) =>
    Object.fromEntries(
      Object.entries(values).map(([task, column]) => [
        task,
        tasks.includes(task) ? column.slice().fill(by, from) : column,
      ]),
    );
  return { ...batch, labels: replaced(batch.labels, NaN), weights: replaced(batch.weights, 0) };
};

/**
 * A task without labels takes nothing from the others; a row without weight is as if it weren't there, whatever its
 * features are.
 */
export function checkMasks(build: () => MultiTaskModel): void {
  const model = build();
  try {
    const all = tinyBatch(model, ROWS);
    const mend = "Let a row's outputs depend on that row alone, when not training.";
    const [first] = model.taskNames;
    const cut = without({ ...all, numeric: all.numeric.slice() }, model.taskNames, LEFT);
    cut.numeric.fill(100, LEFT * (cut.numeric.length / ROWS));
    for (const task of model.taskNames) {
      if (task !== first) {
        expectAgreement(gradientOf(model, without(all, [first!], 0), task), gradientOf(model, all, task), 0, {
          what: `the gradient of ${task} without labels of ${first}`,
          mend,
        });
      }
      expectAgreement(gradientOf(model, cut, task), gradientOf(model, tinyBatch(model, LEFT), task), 1e-5, {
        what: `the gradient of ${task} on ${LEFT} rows, with rows of weight 0 after them`,
        mend,
      });
    }
  } finally {
    model.dispose();
  }
}

import { logitsOf as widthOf, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite, type Numbers } from '../checks/agreement.ts';
import { gradientsOf, logitsOf, tinyBatch } from '../tiny/tiny-model.ts';

/** For a batch of one and of more: [batch × width] finite outputs for each task, those of a row the same in any batch. */
export function checkModelShapes(build: () => MultiTaskModel): void {
  const model = build();
  try {
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
          mend: 'Give each task a lane [batch, width].',
        });
      }
      expectFinite(logits, 'Guard logarithms, divisions and roots at 0.');
    }
    const first = Object.fromEntries(model.taskNames.map((task) => [task, five[task]!.slice(0, one[task]!.length)]));
    expectAgreement(one, first, 1e-5, {
      what: 'the same outputs of a row alone and in a batch',
      mend: "Let a row's outputs depend on that row alone, when not training.",
    });
  } finally {
    model.dispose();
  }
}

/**
 * With the same seed, each task's parameters start from its name; so tasks that are listed in another order have the same
 * outputs, and the loss the same gradient all in all; but for `noisy` ones, whose steps draw in the tasks' order.
 */
export function checkTaskOrder(tasks: Tasks, build: (tasks: Tasks) => MultiTaskModel, noisy = false): void {
  const [first, ...rest] = Object.entries(tasks);
  const models = [build(tasks), build(Object.fromEntries([...rest, first!]))];
  try {
    const [forth, back] = models.map((model) => logitsOf(model, 5)) as [
      Record<string, number[]>,
      Record<string, number[]>,
    ];
    const mend = 'Go by the names of tasks and units, not by their places.';
    expectAgreement(back, forth, 1e-4, { what: 'the same outputs when the tasks are listed in another order', mend });
    if (noisy) return;
    const [there, again] = models.map((model) => sorted(gradientsOf(model, 8))) as [
      Record<string, number[]>,
      Record<string, number[]>,
    ];
    expectAgreement(again, there, 1e-4, {
      what: 'the same gradients, sorted, when the tasks are listed in another order',
      mend,
    });
  } finally {
    models.forEach((model) => model.dispose());
  }
}

/** A bank's members stand in the tasks' order: its numbers are the same ones in another order. */
const sorted = (gradients: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, [...values].sort((a, b) => a - b)]));

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

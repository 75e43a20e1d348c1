import { mapValues } from '@polytask/components';
import {
  labelsOf,
  logitsOf as widthOf,
  lossesOf,
  streamCounters,
  type Batch,
  type MultiTaskModel,
  padBatch,
  taskLossAt,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { gradientNumbers } from '../tiny/numbers.ts';
import { pickRows } from '../tiny/tiny-features.ts';
import { logitsIn, passOf, tinyBatch, withModels } from '../tiny/tiny-model.ts';

type Build = () => MultiTaskModel;

const ALONE = "Let a row's outputs depend on that row alone, when not training.";

/** Each task has finite outputs [batch × width]. After two passes in training, a row has the same ones alone and in a batch. */
export const checkRows = (build: Build): void =>
  withModels([build()], (model) => {
    for (let pass = 0; pass < 2; pass++) passOf(model, tinyBatch(model, 16), { training: true });
    const batch = tinyBatch(model, 5);
    const [whole, ...alone] = [[0, 1, 2, 3, 4], [0], [3]].map((rows) => logitsIn(model, pickRows(batch, rows)));
    for (const task of model.taskNames) {
      const count = 5 * widthOf(task, model.schema.tasks[task]!);
      if (whole![task]?.length === count) continue;
      broken({
        expected: `${count} outputs of task ${task} for 5 rows`,
        seen: String(whole![task]?.length),
        fix: 'Give each task a vector [batch, width].',
      });
    }
    expectFinite(whole!, 'Guard logarithms, divisions and roots at 0.');
    for (const [i, row] of [0, 3].entries()) {
      const seen = mapValues(whole!, (values) =>
        values.slice((row * values.length) / 5, ((row + 1) * values.length) / 5),
      );
      expectAgreement(alone[i]!, seen, 1e-5, { what: 'the same outputs of a row alone and in a batch', fix: ALONE });
    }
  });

/** The outputs in training are those of predicting, if a pass in training draws nothing and changes no buffer. */
export const checkPredicting = (build: Build): void =>
  withModels([build()], (model) => {
    const batch = tinyBatch(model, ROWS);
    const before = stateOf(model);
    const trained = passOf(model, batch, { training: true }).outputs;
    if (stateOf(model) !== before) return;
    expectAgreement(passOf(model, batch).outputs, trained, 1e-5, {
      what: 'the outputs of training when it predicts',
      fix: 'Compute the same in both, or say `traits: { trainsOtherwise: true }` in the definition if that is meant.',
    });
  });

/** The counters of random streams, and the buffers: what a pass in training may change. */
const stateOf = (model: MultiTaskModel): string => {
  const buffers = model.store.all().filter(({ trainable }) => !trainable);
  return JSON.stringify([streamCounters(model.store), buffers.map(({ variable }) => [...variable.dataSync()])]);
};

const ROWS = 6;

/** The outputs in training are the same for other labels of the rows. */
export function checkUnreadLabels(build: Build): void {
  const outputsFor = (change: number) =>
    withModels([build()], (model) => {
      const batch = tinyBatch(model, ROWS);
      return passOf(model, { ...batch, labels: batch.labels.map((label) => label + change) }, { training: true })
        .outputs;
    });
  expectAgreement(outputsFor(1), outputsFor(0), 0, {
    what: 'the same outputs in training for other labels',
    fix: 'Read labels for added losses alone: a model that predicts has none.',
  });
}

/** The numbers of how often each row counts. */
const COUNTS = [1, 2, 0, 1, 3, 1];

/** A row of weight 2 has the gradients of two rows, and a row of weight 0 those of none. */
export const checkWeights = (build: Build): void =>
  withModels([build()], (model) => {
    const all = tinyBatch(model, ROWS);
    const repeated = COUNTS.flatMap((count, row) => Array.from({ length: count }, () => row));
    const weights = all.weights.map((_, i) => COUNTS[i % ROWS]!);
    for (const task of model.taskNames) {
      const seen = gradientOf(model, { ...all, weights }, task);
      expectAgreement(seen, gradientOf(model, pickRows(all, repeated), task), 1e-4, {
        what: `rows of weight 2 to have the gradients of two rows, for task ${task}`,
        fix: 'Multiply what a row adds to the loss by its weight, and what it counts, too.',
      });
    }
  });

/** The losses that it adds to those of the tasks are about the same for a batch and for its rows four times. */
export const checkAddedLosses = (build: Build): void =>
  withModels([build()], (model) => {
    const all = tinyBatch(model, ROWS);
    const added = (times: number) =>
      passOf(
        model,
        pickRows(
          all,
          Array.from({ length: ROWS * times }, (_, i) => i % ROWS),
        ),
        { training: true },
      ).added;
    const before = stateOf(model);
    const once = added(1);
    if (stateOf(model) !== before) return;
    expectAgreement(added(4), once, 0.02, {
      what: 'the added losses of a batch from the same rows four times',
      fix: 'Take the mean over the rows, and not the sum.',
    });
  });

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
export const checkMasks = (build: Build): void =>
  withModels([build()], (model) => {
    const all = tinyBatch(model, ROWS);
    const [first] = model.taskNames;
    const cut = without({ ...all, numeric: all.numeric.slice() }, model.taskNames, LEFT);
    cut.numeric.fill(100, LEFT * (cut.numeric.length / ROWS));
    for (const task of model.taskNames) {
      if (task !== first) {
        expectAgreement(gradientOf(model, without(all, [first!], 0), task), gradientOf(model, all, task), 0, {
          what: `the gradient of ${task} without labels of ${first}`,
          fix: ALONE,
        });
      }
      expectAgreement(gradientOf(model, cut, task), gradientOf(model, tinyBatch(model, LEFT), task), 1e-5, {
        what: `the gradient of ${task} on ${LEFT} rows, with rows of weight 0 after them`,
        fix: ALONE,
      });
    }
  });

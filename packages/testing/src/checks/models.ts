import { mapValues } from '@polytask/components';
import {
  fusionWeights,
  labelsOf,
  load,
  logitsOf as widthOf,
  lossesOf,
  padBatch,
  streamCounters,
  taskLossAt,
  toBytes,
  type Batch,
  type LevelReport,
  type MultiTaskModel,
} from '@polytask/core';
import { eagerEngine, sgd } from '@polytask/training';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { expectThat } from '../cases/case.ts';
import { property } from '../subject.ts';
import { gradientNumbers } from '../tiny/numbers.ts';
import { pickRows } from '../tiny/tiny-features.ts';
import { gradientsOf, logitsIn, logitsOf, passOf, tinyBatch, tinyExamples, withModels } from '../tiny/tiny-model.ts';

const ALONE = "Let a row's outputs and weights depend on that row alone, when not training.";
const ROWS = 6;
/** The numbers of how often each row counts. */
const COUNTS = [1, 2, 0, 1, 3, 1];
/** The number of rows before those of weight 0. */
const LEFT = 4;

/** The counters of random streams, and the buffers: what a pass in training may change. */
const stateOf = (model: MultiTaskModel): string => {
  const buffers = model.store.all().filter(({ trainable }) => !trainable);
  return JSON.stringify([streamCounters(model.store), buffers.map(({ variable }) => [...variable.dataSync()])]);
};

/** Runs a pass in training, and tells whether it has drawn a random number or changed a buffer. */
function withState<T>(model: MultiTaskModel, pass: () => T): readonly [result: T, isPure: boolean] {
  const before = stateOf(model);
  return [pass(), stateOf(model) === before];
}

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

const weightsIn = (reports: readonly LevelReport[], more: (report: LevelReport) => Record<string, number[][]>) =>
  Object.fromEntries(
    reports.flatMap(({ gated, constant, ...report }, l) =>
      Object.entries({ gated, constant, ...more({ gated, constant, ...report }) }).map(([part, values]) => [
        `the ${part} weights of level ${l}`,
        values.flat(),
      ]),
    ),
  );

/** What a component promises in a model. */
export const MODEL_PROPERTIES = [
  property('a row has the same outputs alone and in a batch', ALONE, ['model'], ({ model: build }) =>
    withModels([build()], (model) => {
      for (let pass = 0; pass < 2; pass++) passOf(model, tinyBatch(model, 16), { training: true });
      const batch = tinyBatch(model, 5);
      const whole = logitsIn(model, batch);
      for (const task of model.taskNames) {
        const [count, seen] = [5 * widthOf(task, model.schema.tasks[task]!), whole[task]?.length];
        expectThat(seen === count, `${count} outputs of task ${task} for 5 rows`, seen);
      }
      expectFinite(whole);
      for (const row of [0, 3]) {
        const own = mapValues(whole, (all) => all.slice((row * all.length) / 5, ((row + 1) * all.length) / 5));
        const alone = logitsIn(model, pickRows(batch, [row]));
        expectAgreement(alone, own, 1e-5, 'the same outputs of a row alone and in a batch');
      }
    }),
  ),
  property(
    'it predicts what it trains', // if training draws nothing
    'Compute the same in both, or say `traits: { trainsOtherwise: true }` in the definition if that is meant.',
    ['model'],
    ({ model: build }) =>
      withModels([build()], (model) => {
        const batch = tinyBatch(model, ROWS);
        const [trained, isPure] = withState(model, () => passOf(model, batch, { training: true }).outputs);
        if (!isPure) return;
        expectAgreement(passOf(model, batch).outputs, trained, 1e-5, 'the outputs of training when it predicts');
      }),
    ({ trainsOtherwise = false }) => !trainsOtherwise,
  ),
  property(
    'labels change no outputs',
    'Read labels for added losses alone: a model that predicts has none.',
    ['model'],
    ({ model: build }) => {
      const outputsFor = (change: number) =>
        withModels([build()], (model) => {
          const batch = tinyBatch(model, ROWS);
          const labels = batch.labels.map((label) => label + change);
          return passOf(model, { ...batch, labels }, { training: true }).outputs;
        });
      expectAgreement(outputsFor(1), outputsFor(0), 0, 'the same outputs in training for other labels');
    },
  ),
  property(
    'a weight of 2 is a row twice',
    'Multiply what a row adds to the loss by its weight, and what it counts, too.',
    ['model'],
    ({ model: build }) =>
      withModels([build()], (model) => {
        const all = tinyBatch(model, ROWS);
        const weights = all.weights.map((_, i) => COUNTS[i % ROWS]!);
        const repeated = pickRows(
          all,
          COUNTS.flatMap((count, row) => Array.from({ length: count }, () => row)),
        );
        for (const task of model.taskNames) {
          const [seen, wanted] = [{ ...all, weights }, repeated].map((batch) => gradientOf(model, batch, task));
          const what = `rows of weight 2 to have the gradients of two rows, for task ${task}`;
          expectAgreement(seen!, wanted!, 1e-4, what);
        }
      }),
  ),
  property(
    'its losses do not grow with the batch',
    'Take the mean over the rows, and not the sum.',
    ['model'],
    ({ model: build }) =>
      withModels([build()], (model) => {
        const all = tinyBatch(model, ROWS);
        const added = (times: number) => {
          const rows = Array.from({ length: ROWS * times }, (_, i) => i % ROWS);
          return passOf(model, pickRows(all, rows), { training: true }).added;
        };
        const [once, isPure] = withState(model, () => added(1));
        if (isPure) expectAgreement(added(4), once, 0.02, 'the added losses of a batch from the same rows four times');
      }),
  ),
  property('missing labels and rows of weight 0 leave all else as it is', ALONE, ['model'], ({ model: build }) =>
    withModels([build()], (model) => {
      const all = tinyBatch(model, ROWS);
      const [first, ...others] = model.taskNames;
      const cut = without({ ...all, numeric: all.numeric.slice() }, model.taskNames, LEFT);
      cut.numeric.fill(100, LEFT * (cut.numeric.length / ROWS));
      for (const task of others) {
        const seen = gradientOf(model, without(all, [first!], 0), task);
        expectAgreement(seen, gradientOf(model, all, task), 0, `the gradient of ${task} without labels of ${first}`);
      }
      for (const task of model.taskNames) {
        const what = `the gradient of ${task} on ${LEFT} rows, with rows of weight 0 after them`;
        expectAgreement(gradientOf(model, cut, task), gradientOf(model, tinyBatch(model, LEFT), task), 1e-5, what);
      }
    }),
  ),
  property(
    'it works in models of one, two and three tasks',
    'Count tasks and units, and keep the batch axis.',
    ['model'],
    ({ model }) => checkInModels(model),
  ),
  property('fusionWeights reads it', ALONE, ['model', 'fuses'], ({ model: build }) =>
    withModels([build()], (model) => {
      const examples = tinyExamples(model, 7);
      const [whole, parts] = [fusionWeights(model, examples), fusionWeights(model, examples, { batchSize: 3 })];
      model.network.levels.forEach(({ outputs, experts }, l) => {
        for (const part of [whole[l]!.gated, whole[l]!.constant]) {
          const fits = part.length === outputs.length && part.every((row) => row.length === experts.length);
          const seen = `[${part.length}, ${part[0]?.length}]`;
          expectThat(fits, `weights [${outputs.length}, ${experts.length}] of level ${l}`, seen);
        }
      });
      // the deviations with the weights for scale, as they are small differences of large squares
      const deviations = ({ gatedDeviation }: LevelReport) => ({ 'deviation of the gated': gatedDeviation });
      expectFinite(weightsIn(whole, deviations));
      const what = 'the same weights whatever the batches that the rows are read in';
      const none = () => ({});
      expectAgreement(weightsIn(parts, none), weightsIn(whole, none), 1e-5, what);
      expectAgreement(weightsIn(parts, deviations), weightsIn(whole, deviations), 1e-2, what);
    }),
  ),
  property(
    'saved and loaded it gives the same numbers',
    'Keep what is learned in parameters and buffers of the builder, and all else in the configuration.',
    ['model'],
    async ({ model: build }) => {
      const model = build();
      let loaded: MultiTaskModel | undefined;
      try {
        const step = await eagerEngine.train(model, { optimizer: sgd(0.1), clip: {} });
        for (let i = 0; i < 3; i++) await step.run(tinyBatch(model, 8), 0.1); // so that the parameters differ from their start
        await step.close();
        loaded = await load(await toBytes(model));
        expectAgreement(logitsOf(loaded, 5), logitsOf(model, 5), 0, 'the same outputs after saving and loading');
      } finally {
        model.dispose();
        loaded?.dispose();
      }
    },
  ),
];

/** Models of one, two and three tasks have finite gradients. */
export function checkInModels(build: (tasks: readonly string[]) => MultiTaskModel): void {
  for (const tasks of [['a'], ['a', 'b'], ['a', 'b', 'c']])
    withModels([build(tasks)], (model) => expectFinite(gradientsOf(model, 5)));
}

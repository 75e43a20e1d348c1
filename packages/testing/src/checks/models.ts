import { mapValues } from '@polytask/components';
import {
  fusionWeights,
  labelsOf,
  load,
  logitsOf as widthOf,
  padBatch,
  toBytes,
  type Batch,
  type LevelReport,
  type MultiTaskModel,
} from '@polytask/core';
import { eagerEngine, sgd } from '@polytask/training';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { check, checksWith, expectThat, type Checks } from '../cases/case.ts';
import { passStateOf } from '../tiny/probe.ts';
import { needing, type Properties } from '../subject.ts';
import { pickRows } from '../tiny/tiny-features.ts';
import { gradientsOf, logitsOf, passOf, tinyBatch, tinyExamples, withModels } from '../tiny/tiny-model.ts';

const ALONE = "Let a row's outputs and weights depend on that row alone, when not training.";
const ROWS = 6;
/** The numbers of how often each row counts. */
const COUNTS = [1, 2, 0, 1, 3, 1];
const TRAINING = { training: true };
/** The number of rows before those of weight 0. */
const LEFT = 4;

/** Checks of a new model. */
const ofModels = (needs: readonly ('model' | 'fuses')[], checks: Checks<MultiTaskModel>): Properties =>
  needing(
    ['model', ...needs],
    checksWith(({ model }, holds) => withModels([model()], holds), checks),
  );

/** Runs a pass in training, and tells whether it has drawn a random number or changed a buffer. */
function withState<T>({ store }: MultiTaskModel, pass: () => T): readonly [result: T, isPure: boolean] {
  const before = JSON.stringify(passStateOf(store));
  return [pass(), JSON.stringify(passStateOf(store)) === before];
}

/** The gradient of one task's loss by parameter, outside of training. */
const gradientOf = (model: MultiTaskModel, batch: number | Batch, task: string) =>
  gradientsOf(model, batch, task, { training: false });

/** The batch without labels (NaN, weight 0) of these tasks from row `from` on. */
const without = (batch: Batch, tasks: readonly string[], from: number): Batch => {
  const copy = padBatch(batch, batch.size);
  for (const { labels, weights } of tasks.map((task) => labelsOf(copy, task))) {
    labels.fill(NaN, from);
    weights.fill(0, from);
  }
  return copy;
};

type Part = 'gated' | 'constant' | 'gatedDeviation';

const weightsIn = (reports: readonly LevelReport[], parts: readonly Part[]) =>
  Object.fromEntries(
    reports.flatMap((report, l) => parts.map((part) => [`the ${part} weights of level ${l}`, report[part].flat()])),
  );

/** What a component promises in a model. */
export const MODEL_PROPERTIES = [
  needing(['model'], {
    'labels change no outputs': check(async ({ model: build }) => {
      await withModels([build(), build()], (model, other) => {
        const batch = tinyBatch(model, ROWS);
        const labels = batch.labels.map((label) => label + 1);
        const [seen, wanted] = [passOf(other, { ...batch, labels }, TRAINING), passOf(model, batch, TRAINING)];
        expectAgreement(seen.outputs, wanted.outputs, 0, 'the same outputs in training for other labels');
      });
    }, 'Read labels for added losses alone: a model that predicts has none.'),
    'it works in models of one, two and three tasks': check(
      ({ model }) => checkInModels(model),
      'Count tasks and units, and keep the batch axis.',
    ),
  }),
  ofModels([], {
    'a row has the same outputs alone and in a batch': check((model) => {
      for (let pass = 0; pass < 2; pass++) passOf(model, 16, TRAINING);
      const batch = tinyBatch(model, 5);
      const whole = logitsOf(model, batch);
      for (const task of model.taskNames) {
        const [count, seen] = [5 * widthOf(task, model.schema.tasks[task]!), whole[task]?.length];
        expectThat(seen === count, `${count} outputs of task ${task} for 5 rows`, seen);
      }
      expectFinite(whole);
      for (const row of [0, 3]) {
        const own = mapValues(whole, (all) => all.slice((row * all.length) / 5, ((row + 1) * all.length) / 5));
        const alone = logitsOf(model, pickRows(batch, [row]));
        expectAgreement(alone, own, 1e-5, 'the same outputs of a row alone and in a batch');
      }
    }, ALONE),
    // if training draws nothing
    'it predicts what it trains': check(
      (model) => {
        const [trained, isPure] = withState(model, () => passOf(model, ROWS, TRAINING).outputs);
        if (!isPure) return;
        expectAgreement(passOf(model, ROWS).outputs, trained, 1e-5, 'the outputs of training when it predicts');
      },
      'Compute the same in both, or say `traits: { trainsOtherwise: true }` in the definition if that is meant.',
      ({ trainsOtherwise = false }) => !trainsOtherwise,
    ),
    'a weight of 2 is a row twice': check((model) => {
      const all = tinyBatch(model, ROWS);
      const weights = all.weights.map((_, i) => COUNTS[i % ROWS]!);
      const rows = COUNTS.flatMap((count, row) => Array.from({ length: count }, () => row));
      for (const task of model.taskNames) {
        const seen = gradientOf(model, { ...all, weights }, task);
        const what = `rows of weight 2 to have the gradients of two rows, for task ${task}`;
        expectAgreement(seen, gradientOf(model, pickRows(all, rows), task), 1e-4, what);
      }
    }, 'Multiply what a row adds to the loss by its weight, and what it counts, too.'),
    'its losses do not grow with the batch': check((model) => {
      const added = (times: number) => {
        const rows = Array.from({ length: ROWS * times }, (_, i) => i % ROWS);
        return passOf(model, pickRows(tinyBatch(model, ROWS), rows), TRAINING).added;
      };
      const [once, isPure] = withState(model, () => added(1));
      if (isPure) expectAgreement(added(4), once, 0.02, 'the added losses of a batch from the same rows four times');
    }, 'Take the mean over the rows, and not the sum.'),
    'missing labels and rows of weight 0 leave all else as it is': check((model) => {
      const all = tinyBatch(model, ROWS);
      const [first, ...others] = model.taskNames;
      const cut = without(all, model.taskNames, LEFT);
      cut.numeric.fill(100, LEFT * (cut.numeric.length / ROWS));
      for (const task of others) {
        const seen = gradientOf(model, without(all, [first!], 0), task);
        expectAgreement(seen, gradientOf(model, all, task), 0, `the gradient of ${task} without labels of ${first}`);
      }
      for (const task of model.taskNames) {
        const what = `the gradient of ${task} on ${LEFT} rows, with rows of weight 0 after them`;
        expectAgreement(gradientOf(model, cut, task), gradientOf(model, LEFT, task), 1e-5, what);
      }
    }, ALONE),
    'saved and loaded it gives the same numbers': check(async (model) => {
      const step = await eagerEngine.train(model, { optimizer: sgd(0.1), clip: {} });
      for (let i = 0; i < 3; i++) await step.run(tinyBatch(model, 8), 0.1); // so that the parameters differ from their start
      await step.close();
      await withModels([await load(await toBytes(model))], (loaded) =>
        expectAgreement(logitsOf(loaded, 5), logitsOf(model, 5), 0, 'the same outputs after saving and loading'),
      );
    }, 'Keep what is learned in parameters and buffers of the builder, and all else in the configuration.'),
  }),
  ofModels(['fuses'], {
    'fusionWeights reads it': check((model) => {
      const examples = tinyExamples(model, 7);
      const [whole, parts] = [fusionWeights(model, examples), fusionWeights(model, examples, { batchSize: 3 })];
      model.network.levels.forEach(({ outputs, experts }, l) => {
        for (const part of [whole[l]!.gated, whole[l]!.constant]) {
          const fits = part.length === outputs.length && part.every((row) => row.length === experts.length);
          const seen = `[${part.length}, ${part[0]?.length}]`;
          expectThat(fits, `weights [${outputs.length}, ${experts.length}] of level ${l}`, seen);
        }
      });
      const weights: readonly Part[] = ['gated', 'constant'];
      // the deviations with the weights for scale, as they are small differences of large squares
      const all: readonly Part[] = [...weights, 'gatedDeviation'];
      expectFinite(weightsIn(whole, all));
      const what = 'the same weights whatever the batches that the rows are read in';
      expectAgreement(weightsIn(parts, weights), weightsIn(whole, weights), 1e-5, what);
      expectAgreement(weightsIn(parts, all), weightsIn(whole, all), 1e-2, what);
    }, ALONE),
  }),
];

/** Models of one, two and three tasks have finite gradients. */
export async function checkInModels(build: (tasks: readonly string[]) => MultiTaskModel): Promise<void> {
  for (const tasks of [['a'], ['a', 'b'], ['a', 'b', 'c']])
    await withModels([build(tasks)], (model) => expectFinite(gradientsOf(model, 5)));
}

import { mapValues } from '@polytask/components';
import { fusionWeights, load, toBytes, type Batch, type LevelReport, type MultiTaskModel } from '@polytask/core';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { check, checksWith, type Checks } from '../cases/case.ts';
import { needing, type Properties } from '../subject.ts';
import {
  pickRows,
  gradientsOf,
  logitsOf,
  outputsOf,
  passOf,
  passStateOf,
  tinyBatch,
  tinyExamples,
  trainTiny,
  withModels,
} from '../tiny/tiny-model.ts';

const ALONE = "Let a row's outputs and weights depend on that row alone, when not training.";
/** How often each row counts. */
const COUNTS = [1, 2, 0, 1, 3, 1, 2, 1, 1, 0, 2, 1];
const ROWS = COUNTS.length;

const ofModels = (needs: readonly ('model' | 'fuses')[], checks: Checks<MultiTaskModel>): Properties =>
  needing(
    ['model', ...needs],
    checksWith(({ model }, holds) => withModels([model()], holds), checks),
  );

/** Runs a pass in training, and tells whether it has drawn a random number or changed a buffer. */
function withState<T>(model: MultiTaskModel, pass: () => T): readonly [result: T, isPure: boolean] {
  const before = JSON.stringify(passStateOf(model));
  return [pass(), JSON.stringify(passStateOf(model)) === before];
}

const gradientOf = (model: MultiTaskModel, batch: Batch, task: string) =>
  gradientsOf(model, batch, task, { training: false });

/** The numbers of each parameter in order, as the members of a bank are in the tasks' order. */
const sorted = (gradients: Record<string, number[]>) =>
  mapValues(gradients, (values) => [...values].sort((a, b) => a - b));

type Part = 'gated' | 'constant' | 'gatedDeviation';

const weightsIn = (reports: readonly LevelReport[], parts: readonly Part[]) =>
  Object.fromEntries(
    reports.flatMap((report, l) => parts.map((part) => [`the ${part} weights of level ${l}`, report[part].flat()])),
  );

export const MODEL_PROPERTIES = [
  needing(['model', 'batch'], {
    'its numbers are finite, for any batch, and for one, two and three tasks': check(async ({ model, batch }) => {
      for (const tasks of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
        await withModels([model({ tasks })], (own) => {
          for (const rows of [1, batch])
            for (const training of [false, true]) expectFinite(outputsOf(own, rows, training));
        });
        await withModels([model({ tasks })], (own) => expectFinite(gradientsOf(own, batch)));
      }
    }, 'Guard divisions, logarithms and roots at 0, count tasks and units, and keep the batch axis.'),
    'tasks are treated by name, whatever their order': check(
      ({ model }) =>
        withModels([model(), model({ tasks: ['b', 'c', 'a'] })], (own, reordered) => {
          const what = 'when the tasks are listed in another order';
          expectAgreement(logitsOf(reordered, 5), logitsOf(own, 5), 1e-4, `the same outputs ${what}`);
          const [gradients, isPure] = withState(own, () => sorted(gradientsOf(own, 8)));
          if (!isPure) return; // noise may be drawn in the tasks' order
          expectAgreement(sorted(gradientsOf(reordered, 8)), gradients, 1e-4, `the same gradients, sorted, ${what}`);
        }),
      'Go by the names of tasks and units, not by their places, or say `traits: { ordered: true }` if that is meant.',
      ({ ordered = false }) => !ordered,
    ),
    'labels change no outputs': check(async ({ model: build }) => {
      await withModels([build(), build()], (model, other) => {
        const batch = tinyBatch(model, ROWS);
        const labels = batch.labels.map((label) => label + 1);
        const [seen, wanted] = [passOf(other, { ...batch, labels }, true), passOf(model, batch, true)];
        expectAgreement(seen.logits, wanted.logits, 0, 'the same outputs in training for other labels');
      });
    }, 'Read labels for added losses alone: a model that predicts has none.'),
  }),
  ofModels([], {
    'a row has the same outputs alone and in a batch': check((model) => {
      for (let pass = 0; pass < 2; pass++) outputsOf(model, 16, true);
      const batch = tinyBatch(model, 5);
      const whole = logitsOf(model, batch);
      for (const row of [0, 3]) {
        const own = mapValues(whole, (all) => all.slice((row * all.length) / 5, ((row + 1) * all.length) / 5));
        const alone = logitsOf(model, pickRows(batch, [row]));
        expectAgreement(alone, own, 1e-5, 'the same outputs of a row alone and in a batch');
      }
    }, ALONE),
    // if training draws nothing
    'it predicts what it trains': check(
      (model) => {
        const [trained, isPure] = withState(model, () => passOf(model, ROWS, true).logits);
        if (!isPure) return;
        expectAgreement(logitsOf(model, ROWS), trained, 1e-5, 'the outputs of training when it predicts');
      },
      'Compute the same in both, or say `traits: { trainsOtherwise: true }` in the definition if that is meant.',
      ({ trainsOtherwise = false }) => !trainsOtherwise,
    ),
    'a weight of 2 is a row twice, and one of 0 none': check((model) => {
      const all = tinyBatch(model, ROWS);
      const width = all.numeric.length / ROWS;
      const weighted = {
        ...all,
        weights: all.weights.map((_, i) => COUNTS[i % ROWS]!),
        labels: all.labels.map((label, i) => (COUNTS[i % ROWS] === 0 ? NaN : label)),
        numeric: all.numeric.map((value, i) => (COUNTS[Math.floor(i / width)] === 0 ? 9 : value)),
      };
      const rows = COUNTS.flatMap((count, row) => Array.from({ length: count }, () => row));
      for (const task of model.taskNames) {
        const [seen, wanted] = [weighted, pickRows(all, rows)].map((batch) => gradientOf(model, batch, task));
        const what = `rows of weight 2 to have the gradients of two rows, and of weight 0 none, for task ${task}`;
        expectAgreement(seen!, wanted!, 1e-4, what);
      }
    }, `Multiply what a row adds to the loss by its weight, and what it counts, too. ${ALONE}`),
    'a task without labels changes nothing': check((model) => {
      const all = tinyBatch(model, ROWS);
      const [first, ...others] = model.taskNames;
      const without = {
        ...all,
        labels: all.labels.map((label, i) => (i < ROWS ? NaN : label)),
        weights: all.weights.map((weight, i) => (i < ROWS ? 0 : weight)),
      };
      for (const task of others) {
        const what = `the gradient of ${task} without labels of ${first}`;
        expectAgreement(gradientOf(model, without, task), gradientOf(model, all, task), 0, what);
      }
    }, 'Let the loss of a task read the labels of that task alone.'),
    'its losses do not grow with the batch': check((model) => {
      const added = (times: number) => {
        const rows = Array.from({ length: ROWS * times }, (_, i) => i % ROWS);
        return passOf(model, pickRows(tinyBatch(model, ROWS), rows), true).auxiliary;
      };
      const [once, isPure] = withState(model, () => added(1));
      if (isPure) expectAgreement(added(4), once, 0.02, 'the added losses of a batch from the same rows four times');
    }, 'Take the mean over the rows, and not the sum.'),
    'saved and loaded it gives the same numbers': check(async (model) => {
      trainTiny(model, { steps: 3, rate: 0.1 }); // so that the parameters differ from their start
      await withModels([await load(await toBytes(model))], (loaded) =>
        expectAgreement(logitsOf(loaded, 5), logitsOf(model, 5), 0, 'the same outputs after saving and loading'),
      );
    }, 'Keep what is learned in parameters and buffers of the builder, and all else in the configuration.'),
  }),
  ofModels(['fuses'], {
    'fusionWeights reads it': check((model) => {
      const examples = tinyExamples(model, 7);
      const [whole, parts] = [fusionWeights(model, examples), fusionWeights(model, examples, { batchSize: 3 })];
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

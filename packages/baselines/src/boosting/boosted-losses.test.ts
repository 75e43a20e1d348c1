import {
  binary,
  binaryCrossEntropy,
  crossEntropy,
  focal,
  growModel,
  huber,
  logCosh,
  lossesOf,
  madeUpLabel,
  mae,
  multiclass,
  multiTaskModel,
  pinball,
  randomStream,
  regression,
  type Batch,
  type MultiTaskModel,
  type Schema,
  type Task,
} from '@polytask/core';
import { amount, count, gamma, gaussian, ordinal, quantiles, share, survival, tweedie } from '@polytask/core/tasks';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { growTrees, leavesNoTensors } from '../testing/grow-trees.ts';
import { gradientBoosting } from './boosted-trees.ts';
import { canBoost } from './can-boost.ts';

leavesNoTensors();

const features = {
  a: { kind: 'numeric', mean: 0, deviation: 1 },
  b: { kind: 'numeric', mean: 0, deviation: 1 },
} satisfies Schema['features'];
const classes = ['low', 'middle', 'high'];

const rowsOf = (size: number, seed: number) => {
  const [a, b, noise] = [1, 2, 3].map((stream) => randomStream(seed, `${stream}`).normal(size)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const rows = Array.from({ length: size }, (_, row) => ({ a: a[row]!, b: b[row]! }));
  return { rows, scores: rows.map(({ a, b }, row) => 1.2 * a + Math.sin(2 * b) + 0.4 * noise[row]!) };
};
const [LEARNED, HELD] = [rowsOf(500, 1), rowsOf(300, 2)];

const batchOf = (model: MultiTaskModel, { rows, scores }: typeof HELD, task: Task): Batch => ({
  ...model.encode(rows),
  tasks: ['y'],
  labels: Float32Array.from(scores, (score) => madeUpLabel(task, task.kind === 'count' ? score + 6 : score)),
  weights: new Float32Array(rows.length).fill(1),
});
const lossOf = (model: MultiTaskModel, batch: Batch) =>
  tf.tidy(() => lossesOf(model, model.toTensors(batch)).tasks.dataSync()[0]!);

const options = { numIterations: 30, numLeaves: 6, learningRate: 0.2 };

/** A task, and the share of the loss of the best constant that may be left on other rows. */
test.each<[string, Task, number]>([
  ['focal', binary({ loss: focal() }), 0.55],
  ['smoothed labels', binary({ loss: binaryCrossEntropy({ smoothing: 0.1 }) }), 0.65],
  ['class weights', multiclass({ classes, loss: crossEntropy({ classWeights: [1, 2, 1] }) }), 0.6],
  ['mae', regression({ loss: mae() }), 0.45],
  ['huber', regression({ loss: huber({ delta: 0.5 }) }), 0.3],
  ['log-cosh', regression({ loss: logCosh() }), 0.2],
  ['pinball', regression({ loss: pinball({ levels: [0.8] }) }), 0.4],
  ['gamma', count({ loss: gamma() }), 0.4],
  ['tweedie', count({ loss: tweedie() }), 0.4],
  ['quantiles', quantiles({ levels: [0.1, 0.5, 0.9] }), 0.5],
  ['gaussian', gaussian(), 0.6],
  ['amount', amount(), 0.9],
  ['ordinal', ordinal({ classes }), 0.55],
  ['ordinal of two classes', ordinal({ classes: ['low', 'high'] }), 0.55],
  ['share', share(), 0.7],
  ['survival', survival({ cuts: [0.5, 1.5] }), 0.75],
])('trees learn the loss of a task: %s', async (_, task, left) => {
  const model = multiTaskModel({ schema: { features, tasks: { y: task } }, ...gradientBoosting(options), seed: 7 });
  const [learned, held] = [batchOf(model, LEARNED, task), batchOf(model, HELD, task)];
  const none = multiTaskModel({
    schema: { features, tasks: { y: task } },
    ...gradientBoosting({ numIterations: 1, minDataInLeaf: 500 }),
    seed: 7,
  });
  await growTrees(none, learned);
  const { losses } = await growTrees(model, learned);
  expect(losses['y']! / lossOf(model, learned)).toBeCloseTo(1, 4);
  const [constant, trees] = [lossOf(none, held), lossOf(model, held)];
  expect(trees).toBeLessThan(left * constant);
  none.dispose();
  model.dispose();
});

test('with a loss of its own, a model continues as a longer training, and its leaves move', async () => {
  const task = gaussian();
  const modelWith = (numIterations: number) =>
    multiTaskModel({
      ...{ schema: { features, tasks: { y: task } }, seed: 7 },
      ...gradientBoosting({ ...options, numIterations }),
    });
  const [whole, first] = [modelWith(8), modelWith(4)];
  const learned = batchOf(whole, LEARNED, task);
  await growTrees(whole, learned);
  await growTrees(first, learned);
  const { model } = await growModel(first, first.schema);
  await growTrees(model, learned);
  expect(lossOf(model, learned)).toBeCloseTo(lossOf(whole, learned), 5);
  const { model: moved } = await growModel(first, first.schema, { refitDecayRate: 0 });
  await growTrees(moved, learned);
  expect(lossOf(moved, learned)).toBeCloseTo(lossOf(first, learned), 4);
  for (const each of [whole, first, model, moved]) each.dispose();
});

test("rows and columns are chosen by the model's seed", async () => {
  const task = regression();
  const lossWith = async (seed: number) => {
    const sampled = { ...options, baggingFraction: 0.5, featureFraction: 0.5 };
    const model = multiTaskModel({ schema: { features, tasks: { y: task } }, ...gradientBoosting(sampled), seed });
    const learned = batchOf(model, LEARNED, task);
    await growTrees(model, learned);
    const loss = lossOf(model, learned);
    model.dispose();
    return loss;
  };
  const first = await lossWith(-7);
  expect(await lossWith(-7)).toBe(first);
  expect(await lossWith(8)).not.toBe(first);
});

test('canBoost says which', () => {
  expect([binary(), survival(), regression({ loss: mae() })].every(canBoost)).toBe(true);
  expect(canBoost(binary({ loss: 'bpr' }))).toBe(false);
});

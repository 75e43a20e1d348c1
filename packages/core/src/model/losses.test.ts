import * as tf from '@tensorflow/tfjs';
import { expect, test, beforeAll, it } from 'vitest';
import { emptyBatch } from '../features/batch.ts';
import { binary } from '../tasks/binary.ts';
import { multiclass } from '../tasks/multiclass.ts';
import { regression } from '../tasks/regression.ts';
import { denseModel } from '../testing/tiny.ts';
import { lossesOf, lossGradients, taskLoss, taskLosses, namedLosses, stackLosses } from './losses.ts';
import { stackLogits } from './heads.ts';

const tasks = {
  click: binary(),
  hours: regression({ weight: 2 }),
  like: binary({ weight: 0.5, from: 'liked' }),
  kind: multiclass({ classes: ['a', 'b', 'c'] }),
  rare: binary({ positiveWeight: 3 }),
  age: regression({ loss: 'huber' }),
};
const names = Object.keys(tasks) as (keyof typeof tasks)[];
const column = (seed: number) => tf.tensor1d([0, 1, 2].map((row) => ((seed + 2 * row) % 5) / 4));
const logits = Object.fromEntries(
  names.map((name, i) => [name, tf.randomNormal([3, name === 'kind' ? 3 : 1], 0, 1, 'float32', i + 1) as tf.Tensor2D]),
) as Record<keyof typeof tasks, tf.Tensor2D>;
const labels = Object.fromEntries(
  names.map((name, i) => [
    name,
    name === 'kind' ? tf.tensor1d([2, 0, 1]) : tasks[name].kind === 'binary' ? tf.tensor1d([i % 2, 1, 0]) : column(i),
  ]),
);
const weights = Object.fromEntries(names.map((name, i) => [name, column(i + 1)]));
const stacked = (columns: Readonly<Record<string, tf.Tensor1D>>) =>
  tf.stack(names.map((name) => columns[name]!)) as tf.Tensor2D;
const batch = { labels: stacked(labels), weights: stacked(weights) };

test('the losses of all tasks at once are those of each by itself', () => {
  const all = taskLosses(tasks, stackLogits(logits), batch);
  const losses = all.tasks.dataSync();
  let total = 0;
  for (const [t, name] of names.entries()) {
    const alone = taskLoss(tasks[name], logits[name], labels[name]!, weights[name]!).dataSync()[0]!;
    expect(losses[t]).toBeCloseTo(alone, 6);
    total += (tasks[name].weight ?? 1) * alone;
  }
  expect(all.total.dataSync()[0]).toBeCloseTo(total, 5);
});

test('labels in another order are those of their tasks', () => {
  const forth = taskLosses(tasks, stackLogits(logits), batch).tasks.dataSync();
  const back = {
    tasks: [...names].reverse(),
    labels: tf.reverse(batch.labels, 0),
    weights: tf.reverse(batch.weights, 0),
  };
  expect(taskLosses(tasks, stackLogits(logits), back).tasks.dataSync()).toEqual(forth);
});

test('labels of fewer tasks are refused', () => {
  const few = { labels: tf.zeros<tf.Rank.R2>([0, 3]), weights: tf.zeros<tf.Rank.R2>([0, 3]) };
  expect(() => taskLosses(tasks, stackLogits(logits), few)).toThrow(
    'Expected labels of 6 tasks, [6, batch], received [0,3].',
  );
});

beforeAll(() => tf.setBackend('cpu'));

it('is the losses of tasks, then the auxiliary ones, then the total, and has them back by name', () => {
  const losses = {
    tasks: tf.tensor1d([2, 3]),
    auxiliary: { entropy: tf.scalar(5) },
    total: tf.scalar(10),
  };
  const numbers = stackLosses(losses).dataSync();
  expect([...numbers]).toEqual([2, 3, 5, 10]);
  expect(namedLosses(numbers, ['b', 'a'], ['entropy'])).toEqual({
    tasks: { b: 2, a: 3 },
    auxiliary: { entropy: 5 },
    total: 10,
  });
});

it('gives the gradient of the total for each trained parameter, which a small step confirms', () => {
  const model = denseModel({ a: binary(), b: regression() });
  const batch = model.toTensors({
    ...emptyBatch(6, model.layout, model.taskNames),
    numeric: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)),
    labels: Float32Array.from({ length: 12 }, (_, i) => i % 2),
    weights: new Float32Array(12).fill(1),
  });
  const { losses, auxiliary, gradients } = lossGradients(model, batch);
  expect([...losses.dataSync()]).toEqual([...stackLosses(lossesOf(model, batch)).dataSync()]);
  expect(auxiliary).toEqual([]);
  const parameters = model.store.trainable();
  expect(gradients.map(({ shape }) => shape)).toEqual(parameters.map(({ variable }) => variable.shape));
  const slope = gradients.reduce((sum, gradient) => sum + tf.sum(tf.square(gradient)).dataSync()[0]!, 0);
  const totalAt = (step: number) => {
    parameters.forEach(({ variable }, i) => variable.assign(tf.add(variable, tf.mul(gradients[i]!, step))));
    return lossesOf(model, batch).total.dataSync()[0]!;
  };
  const step = 1e-2;
  const [before, after] = [totalAt(-step), totalAt(2 * step)];
  expect((after - before) / (2 * step)).toBeCloseTo(slope, 2);
});

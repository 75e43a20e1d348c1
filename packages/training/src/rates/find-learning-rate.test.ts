import { regression } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { evaluate } from '../evaluation/evaluate.ts';
import { fit } from '../fit/fit.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import { tinyExamples, tinyModel, weightsOf } from '../testing/tiny.ts';
import { findLearningRate } from './find-learning-rate.ts';

beforeAll(() => tf.setBackend('cpu'));

const tasks = { hours: regression() };
const rows = tinyExamples(tasks, 300, 1);
const modelOf = () => tinyModel({ tasks, units: 4 });
const options = { batchSize: 32, steps: 60, seed: 3 } as const;

test('trains a copy at growing rates until the loss explodes: the model and its random streams stay', async () => {
  const model = modelOf();
  const before = weightsOf(model);
  const found = await findLearningRate(model, rows, { ...options, engine: 'eager', from: 1e-4, to: 1e3 });
  expect(weightsOf(model)).toEqual(before);
  expect(found.exploded).toBe(true);
  expect(found.rates.length).toBe(found.losses.length);
  expect(found.rates.length).toBeLessThan(60);
  expect(found.rates[0]).toBeCloseTo(1e-4, 12);
  expect(found.rates[1]! / found.rates[0]!).toBeCloseTo(1e7 ** (1 / 59), 6);
});

test.each(['eager', 'compiled-wasm'] as const)(
  'on %s, the suggestion trains better than rates far away',
  async (engine) => {
    const { suggestion } = await findLearningRate(modelOf(), rows, { ...options, engine });
    const errorAt = async (rate: number) => {
      const model = modelOf();
      await fit(model, rows, { batchSize: 32, epochs: 4, optimizer: adam(rate), engine, progress: false });
      return (await evaluate(model, rows, { engine })).hours.normalizedLoss;
    };
    const suggested = await errorAt(suggestion);
    expect(suggested).toBeLessThan(await errorAt(suggestion / 100));
    expect(suggested).toBeLessThan(await errorAt(suggestion * 100));
  },
);

test('is of the optimizer: plain SGD takes a higher rate than Adam, and a loss that overflows ends the test', async () => {
  const eager = { ...options, engine: 'eager' } as const;
  const ofAdam = await findLearningRate(modelOf(), rows, eager);
  const ofSgd = await findLearningRate(modelOf(), rows, { ...eager, optimizer: sgd });
  expect(ofSgd.suggestion).toBeGreaterThan(ofAdam.suggestion);
  const overflow = await findLearningRate(modelOf(), rows, {
    ...eager,
    optimizer: sgd,
    from: 1e-3,
    to: 1e30,
    steps: 10,
  });
  expect(overflow.exploded).toBe(true);
});

test('a range that is none is refused', async () => {
  await expect(findLearningRate(modelOf(), rows, { from: 1, to: 0.1 })).rejects.toThrow('Expected from below to');
  await expect(findLearningRate(modelOf(), rows, { steps: 2 })).rejects.toThrow('steps');
});

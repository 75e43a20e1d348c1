import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { namedLosses, stackLosses } from './loss-vector.ts';

beforeAll(() => tf.setBackend('cpu'));

it('is the losses of tasks, then the auxiliary ones, then the total, and has them back by name', () => {
  const losses = {
    tasks: { b: tf.scalar(2), a: tf.scalar(3) },
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

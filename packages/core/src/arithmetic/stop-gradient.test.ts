import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { detached, stopGradient, straightThrough } from './stop-gradient.ts';

it('keeps the value and lets no gradient through', () => {
  const x = tf.tensor1d([2, -3]);
  const { value, grad } = tf.valueAndGrad((t) => tf.sum(tf.mul(t, stopGradient(t))))(x);
  expect(value.dataSync()[0]).toBe(13);
  expect([...grad.dataSync()]).toEqual([2, -3]); // 2x without the stop
});

it('straight-through has the hard value and the soft gradient', () => {
  const x = tf.tensor1d([0.2, 0.8]);
  const { value, grad } = tf.valueAndGrad((t) => tf.sum(straightThrough(tf.round(t), tf.mul(t, 5))))(x);
  expect(value.dataSync()[0]).toBeCloseTo(1, 6);
  expect([...grad.dataSync()]).toEqual([5, 5]);
});

it('detaches operations that have no gradient of their own', () => {
  const x = tf.tensor1d([1, 3, 2]);
  const largest = (t: tf.Tensor) => tf.topk(t, 1).values;
  const gradient = tf.grad((t) => tf.sum(tf.mul(t, detached(t, largest))))(x);
  expect([...gradient.dataSync()]).toEqual([3, 3, 3]);
});

import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { withoutOnes } from './elementwise.ts';

const specs = { few: { shape: [3, 1] }, all: { shape: [3, 5] } };

it.each<[string, (few: tf.Tensor, all: tf.Tensor) => tf.Tensor]>([
  ['before', (few, all) => tf.mul(tf.mul(few, tf.ones([3, 5])), all)],
  ['after', (few, all) => tf.mul(all, tf.mul(tf.ones([3, 5]), few))],
])('multiplies by what was spread, which comes %s', async (_, fn) => {
  expect(await checkRule([withoutOnes], fn, specs)).toEqual(['Mul']);
});

it('begins the gradient of a weighted sum with the weights', async () => {
  const gradient = (few: tf.Tensor, all: tf.Tensor) =>
    tf.grad((x) => tf.mul(few, tf.sum(tf.mul(x, all), 1, true)))(tf.cos(all));
  expect(await checkRule([withoutOnes], gradient, specs)).toEqual(['Mul']);
});

it.each<[string, (few: tf.Tensor, all: tf.Tensor) => tf.Tensor]>([
  ['other factors', (few, all) => tf.mul(tf.mul(few, tf.fill([3, 5], 2)), all)],
  ['ones that spread both', (few) => tf.mul(tf.mul(few, tf.ones([3, 5])), few)],
])('leaves %s', async (_, fn) => {
  expect(await checkRule([withoutOnes], fn, specs)).toEqual(['Mul', 'Mul']);
});

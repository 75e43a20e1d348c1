import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { swapProducts } from './layouts.ts';

const product = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, true, true);

it.each([
  [
    [40, 6],
    [3, 40],
  ],
  [
    [2, 40, 6],
    [2, 3, 40],
  ],
])('a small product of two transposed factors, %j and %j, is transposed itself', async (a, b) => {
  expect(await checkRule([swapProducts], product, { a: { shape: a }, b: { shape: b } })).toEqual([
    'MatMul',
    'Transpose',
  ]);
});

it('leaves a large product, and one with a factor that is as it should be', async () => {
  const [a, b] = [{ shape: [4, 30] }, { shape: [20, 4] }];
  expect(await checkRule([swapProducts], product, { a, b })).toEqual(['Transpose', 'Transpose', 'MatMul']);
  const half = (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, true);
  expect(await checkRule([swapProducts], half, { a: { shape: [40, 6] }, b: { shape: [40, 3] } })).toEqual([
    'Transpose',
    'MatMul',
  ]);
});

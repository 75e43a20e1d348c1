import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { flatTransposes } from './layouts.ts';

it.each<[number[], number[], string[]]>([
  [
    [4, 3, 5],
    [1, 2, 0],
    ['Reshape', 'Transpose', 'Reshape'],
  ],
  [
    [4, 3, 5],
    [2, 0, 1],
    ['Reshape', 'Transpose', 'Reshape'],
  ],
  [
    [2, 3, 4, 5],
    [1, 2, 3, 0],
    ['Reshape', 'Transpose', 'Reshape'],
  ],
  [[4, 3, 5], [1, 0, 2], ['Transpose']],
  [[4, 5], [1, 0], ['Transpose']],
])('%j by %j', async (shape, perm, expected) => {
  expect(await checkRule([flatTransposes], (x) => tf.transpose(x, perm), { x: { shape } })).toEqual(expected);
});

const y = { shape: [4, 5, 2] };

it('leaves what a product transposes by itself', async () => {
  const product = (x: tf.Tensor, z: tf.Tensor) => tf.matMul(tf.transpose(x, [1, 2, 0]), z);
  expect(await checkRule([flatTransposes], product, { x: { shape: [4, 3, 5] }, y: { shape: [3, 4, 2] } })).toEqual([
    'Transpose',
    'MatMul',
  ]);
});

it('gives a product the half that it can do itself of one that turns all round', async () => {
  const product = (x: tf.Tensor, z: tf.Tensor) => tf.matMul(tf.transpose(x, [2, 1, 0]), z);
  const after = await checkRule([flatTransposes], product, { x: { shape: [5, 3, 4] }, y });
  expect(after).toEqual(['Reshape', 'Transpose', 'Reshape', 'Transpose', 'MatMul']);
  expect(await checkRule([flatTransposes], (x) => tf.transpose(x, [2, 1, 0]), { x: { shape: [5, 3, 4] } })).toEqual([
    'Transpose',
  ]);
});

import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { singleRow } from './products.ts';

const numbers = (shape: number[]) => tf.sin(tf.range(0, tf.util.sizeFromShape(shape))).reshape(shape);
const product = (kernel: number[]) => (x: tf.Tensor) => tf.matMul(tf.exp(x), numbers(kernel));

it('makes one product of a bank of single rows', async () => {
  const after = await checkRule([singleRow], product([3, 5, 4]), { x: { shape: [3, 1, 5] } });
  expect(after).toEqual(['Exp', 'Reshape', 'MatMul', 'Reshape']);
});

it('reads repeated rows from where they come', async () => {
  const repeated = (x: tf.Tensor) => {
    const lanes = tf.gather(tf.exp(x), tf.tensor1d([1, 0, 1, 1], 'int32'));
    return tf.matMul(tf.reshape(lanes, [4, 1, 5]), numbers([4, 5, 2]));
  };
  expect(await checkRule([singleRow], repeated, { x: { shape: [2, 5] } })).not.toContain('Gather');
});

it.each<[string, number[], number[]]>([
  ['more rows than one', [3, 2, 5], [3, 5, 4]],
  ['kernels whose block-diagonal matrix is large', [32, 1, 16], [32, 16, 16]],
])('leaves %s', async (_, shape, kernel) => {
  expect(await checkRule([singleRow], product(kernel), { x: { shape } })).toEqual(['Exp', 'MatMul']);
});

it('leaves kernels that are inputs', async () => {
  const specs = { x: { shape: [2, 1, 3] }, kernel: { shape: [2, 3, 4] } };
  expect(await checkRule([singleRow], (x, kernel) => tf.matMul(x!, kernel!), specs)).toEqual(['MatMul']);
});

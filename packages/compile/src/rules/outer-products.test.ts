import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { outerProducts } from './products.ts';

const outer = (columns: tf.Tensor, rows: tf.Tensor) => tf.transpose(tf.matMul(columns, rows), [1, 0, 2]);
const shapes = (blocks: number, batch: number, inner: number, dim: number) => ({
  columns: { shape: [blocks, batch, inner] },
  rows: { shape: [blocks, inner, dim] },
});

it('writes outer products side by side as one product', async () => {
  const operations = await checkRule([outerProducts], outer, shapes(3, 70, 1, 5));
  expect(operations.filter((op) => op !== 'Reshape')).toEqual(['Mul', 'Transpose', 'MatMul']);
});

it.each<[string, number, number, number]>([
  ['products of more than one column', 3, 70, 2],
  ['few rows', 3, 8, 1],
  ['many blocks', 20, 70, 1],
])('leaves %s', async (_, blocks, batch, inner) => {
  expect(await checkRule([outerProducts], outer, shapes(blocks, batch, inner, 5))).toEqual(['MatMul', 'Transpose']);
});

it('leaves a product of matrices', async () => {
  const product = (a: tf.Tensor, b: tf.Tensor) =>
    tf.transpose(tf.reshape(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), [2, 35, 4]), [1, 0, 2]);
  expect(await checkRule([outerProducts], product, { a: { shape: [70, 1] }, b: { shape: [1, 4] } })).toContain(
    'Transpose',
  );
});

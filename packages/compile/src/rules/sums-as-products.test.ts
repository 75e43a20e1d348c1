import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { sumsAsProducts } from './products.ts';

const sum =
  (axis: number | number[], keepDims = false) =>
  (x: tf.Tensor) =>
    tf.exp(tf.mul(0.01, tf.sum(x, axis, keepDims)));

it.each<[string, number[], boolean]>([
  ['of a matrix', [70, 20], false],
  ['of more axes', [70, 3, 8], false],
  ['that keeps its axis', [70, 3, 8], true],
])('writes a sum of rows %s as a product', async (_, shape, keepDims) => {
  const operations = await checkRule([sumsAsProducts], sum(0, keepDims), { x: { shape } });
  expect(operations).toContain('MatMul');
  expect(operations).not.toContain('ReduceSum');
});

it.each<[string, number[], number | number[]]>([
  ['few rows', [20, 70], 0],
  ['few columns', [70, 3], 0],
  ['each row', [70, 20], 1],
  ['all numbers', [70, 20], [0, 1]],
])('leaves the sum of %s', async (_, shape, axis) => {
  expect(await checkRule([sumsAsProducts], sum(axis), { x: { shape } })).toContain('ReduceSum');
});

import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { sinkReshapes } from './layouts.ts';

const numbers = (shape: number[]) => tf.sin(tf.range(0, tf.util.sizeFromShape(shape))).reshape(shape);
const layer =
  (shape: number[], bias: number[], act: (x: tf.Tensor) => tf.Tensor = tf.relu) =>
  (x: tf.Tensor) =>
    tf.exp(act(tf.add(tf.reshape(tf.matMul(x as tf.Tensor2D, numbers([3, 12]) as tf.Tensor2D), shape), numbers(bias))));

it.each<[string, number[], number[]]>([
  ['a bank of rows', [2, 4, 3], [1, 4, 3]],
  ['a bias without the side of the batch', [2, 4, 3], [4, 3]],
  ['columns', [2, 12, 1], [1, 12, 1]],
])('puts the bias and activation of %s next to the product', async (_, shape, bias) => {
  const after = await checkRule([sinkReshapes(64)], layer(shape, bias), { x: { shape: [2, 3] } });
  expect(after).toEqual(['MatMul', 'Add', 'Relu', 'Reshape', 'Exp']);
});

it('does so for a single row of several units', async () => {
  const after = await checkRule([sinkReshapes(64)], layer([4, 1, 3], [4, 1, 3], tf.tanh), { x: { shape: [1, 3] } });
  expect(after).toEqual(['MatMul', 'Add', 'Tanh', 'Reshape', 'Exp']);
});

it.each<[string, number[], number[], number]>([
  ['a bias of some columns alone', [2, 4, 3], [1, 1, 3], 2],
  ['a bias that differs from row to row', [2, 4, 3], [2, 1, 1], 2],
  ['many rows', [100, 4, 3], [1, 4, 3], 100],
])('leaves %s', async (_, shape, bias, batch) => {
  const after = await checkRule([sinkReshapes(64)], layer(shape, bias), { x: { shape: [batch, 3] } });
  expect(after).toEqual(['MatMul', 'Reshape', 'Add', 'Relu', 'Exp']);
});

it('takes a bias that is an input, too', async () => {
  const layerOf = (x: tf.Tensor, bias: tf.Tensor) =>
    tf.relu(tf.add(tf.reshape(tf.matMul(x as tf.Tensor2D, numbers([3, 12]) as tf.Tensor2D), [70, 4, 3]), bias));
  const specs = { x: { shape: [70, 3] }, bias: { shape: [1, 4, 3] } };
  expect(await checkRule([sinkReshapes(Infinity)], layerOf, specs)).toEqual([
    'MatMul',
    'Reshape',
    'Add',
    'Relu',
    'Reshape',
  ]);
});

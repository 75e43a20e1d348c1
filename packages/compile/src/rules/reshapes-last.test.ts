import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { reshapesLast } from './layouts.ts';

const pair = { a: { shape: [6, 4] }, b: { shape: [6, 4] } };
const wide = (x: tf.Tensor) => tf.reshape(x, [1, 6, 4]);

it('reshapes the product in place of its factors', async () => {
  expect(await checkRule([reshapesLast], (a, b) => tf.mul(wide(a!), wide(b!)), pair)).toEqual(['Mul', 'Reshape']);
});

it('cancels reshapes around it', async () => {
  const gradient = (a: tf.Tensor, b: tf.Tensor) =>
    tf.exp(tf.reshape(tf.mul(tf.cast(tf.cast(wide(a), 'bool'), 'float32'), wide(b)), [6, 4]));
  expect(await checkRule([reshapesLast], gradient, pair)).toEqual(['Cast', 'Cast', 'Mul', 'Exp']);
});

it.each<[string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, string[]]>([
  [
    'one that is spread',
    (a, b) => tf.add(wide(a), tf.reshape(tf.sum(b, 0), [1, 1, 4])),
    ['ReduceSum', 'Reshape', 'Reshape', 'Add'],
  ],
  ['one that was not reshaped', (a) => tf.add(tf.reshape(a, [24]), tf.range(0, 24)), ['Reshape', 'Add']],
  [
    'factors of other shapes',
    (a, b) => tf.mul(tf.reshape(a, [24]), tf.reshape(tf.reshape(tf.transpose(b), [2, 12]), [24])),
    ['Reshape', 'Transpose', 'Reshape', 'Mul'],
  ],
])('leaves %s', async (_, fn, expected) => {
  expect((await checkRule([reshapesLast], fn, pair)).toSorted()).toEqual(expected.toSorted());
});

import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { gatherBelow } from './layouts.ts';

const x = { x: { shape: [4, 3, 5] } };

it.each<[string, number[], number, string[]]>([
  ['of the front', [1, 0, 2], 0, ['Gather', 'Transpose', 'Exp']],
  ['of an axis in between', [2, 0, 1], 1, ['Gather', 'Transpose', 'Exp']],
  ['of the end', [2, 1, 0], 2, ['Gather', 'Transpose', 'Exp']],
])('takes slices %s before it transposes', async (_, perm, axis, expected) => {
  const taken = (input: tf.Tensor) => tf.exp(tf.gather(tf.transpose(input, perm), [2, 0, 2], axis));
  expect(await checkRule([gatherBelow], taken, x)).toEqual(expected);
});

it('leaves a product to read what was transposed for it', async () => {
  const product = (input: tf.Tensor) =>
    tf.matMul(tf.gather(tf.transpose(input, [1, 0, 2]), [0, 0]), tf.ones([2, 5, 2]));
  expect(await checkRule([gatherBelow], product, x)).toEqual(['Gather', 'Transpose', 'MatMul']);
});

it('leaves slices of what was not transposed', async () => {
  expect(await checkRule([gatherBelow], (input) => tf.gather(input, [2, 0]), x)).toEqual(['Gather']);
});

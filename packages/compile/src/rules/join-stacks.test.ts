import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { joinStacks } from './join-stacks.ts';

const x = { x: { shape: [4, 3, 5] } };
const restacked = (order: readonly number[], from: number, to: number) => (input: tf.Tensor) => {
  const parts = tf.unstack(input, from);
  return tf.stack(
    order.map((i) => parts[i]!),
    to,
  );
};

describe('what is unstacked and stacked again', () => {
  it.each<[string, number[], number, number, string[]]>([
    ['is the tensor itself along the same axis', [0, 1, 2], 1, 1, ['Reshape']],
    ['is the tensor itself along the first axis', [0, 1, 2, 3], 0, 0, []],
    ['is a transposition along another one', [0, 1, 2], 1, 0, ['Transpose']],
    ['is a transposition from the front', [0, 1, 2, 3], 0, 1, ['Reshape', 'Transpose', 'Reshape']],
    ['is gathered in another order', [2, 0, 1], 1, 1, ['Gather']],
    ['is gathered and transposed', [2, 0, 1], 1, 0, ['Transpose', 'Gather']],
    ['is repeated', [0, 0, 1, 1, 2, 2], 1, 0, ['Transpose', 'Gather']],
    ['may be a part of it', [3, 1], 0, 0, ['Reshape', 'Gather', 'Reshape']],
    ['is repeated from the front', [0, 0, 3], 0, 2, ['Reshape', 'Gather', 'Transpose', 'Reshape']],
  ])('%s', async (_, order, from, to, expected) => {
    const operations = await checkRule([joinStacks], (input) => tf.exp(restacked(order, from, to)(input)), x);
    expect(operations.filter((op) => op === 'Concat' || op === 'Split')).toEqual([]);
    expect(operations.filter((op) => op !== 'Reshape')).toEqual([...expected.filter((op) => op !== 'Reshape'), 'Exp']);
  });

  it('is one vector when all slices are put end to end', async () => {
    const flat = (input: tf.Tensor) => tf.concat(tf.unstack(input).map((part) => tf.reshape(part, [-1])));
    expect(await checkRule([joinStacks], flat, x)).toEqual(['Reshape']);
  });
});

describe('leaves alone', () => {
  it('slices of two tensors', async () => {
    const mixed = (a: tf.Tensor, b: tf.Tensor) => tf.stack([tf.unstack(a)[0]!, tf.unstack(b)[1]!]);
    const operations = await checkRule([joinStacks], mixed, { a: { shape: [2, 3] }, b: { shape: [2, 3] } });
    expect(operations).toContain('Concat');
  });

  it('parts of more than one slice', async () => {
    const swapped = (input: tf.Tensor) => tf.concat(tf.split(input, 2).reverse());
    expect(await checkRule([joinStacks], swapped, x)).toEqual(['Split', 'Concat']);
  });

  it('a stack in the middle of a side that was not taken apart', async () => {
    const odd = (input: tf.Tensor) =>
      tf.concat(
        tf.unstack(input, 1).map((part) => tf.reshape(part, [2, 1, 10])),
        1,
      );
    expect(await checkRule([joinStacks], odd, x)).toContain('Concat');
  });
});

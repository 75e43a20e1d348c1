import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { onColumns, softmaxColumns } from './softmax-columns.ts';

const numbers = (shape: number[]) => tf.sin(tf.range(0, tf.util.sizeFromShape(shape))).reshape(shape);
const COLUMNS = ['ReduceMax', 'Sub', 'Exp', 'ReduceSum', 'Div'];
const x = { x: { shape: [3, 100, 6] } };

describe('a softmax of many short rows', () => {
  it('is computed by columns', async () => {
    const after = await checkRule([softmaxColumns, onColumns], (logits) => tf.softmax(logits), x);
    expect(after).toEqual(['Transpose', ...COLUMNS, 'Transpose']);
  });

  it('takes its bias and a constant with it', async () => {
    const gate = (logits: tf.Tensor) =>
      tf.transpose(tf.add(tf.softmax(tf.add(logits, numbers([3, 1, 6]))), numbers([3, 1, 6])), [1, 0, 2]);
    const after = await checkRule([softmaxColumns, onColumns], gate, x);
    expect(after.filter((op) => op !== 'Reshape')).toEqual(['Transpose', 'Add', ...COLUMNS, 'Add', 'Transpose']);
  });

  it('comes before a transposition of what it reads', async () => {
    const gate = (logits: tf.Tensor) => tf.softmax(tf.transpose(tf.add(tf.sin(logits), numbers([1, 3, 6])), [1, 0, 2]));
    const after = await checkRule([softmaxColumns, onColumns], gate, { x: { shape: [100, 3, 6] } });
    expect(after.filter((op) => op === 'Transpose').length).toBe(2);
    expect(after.indexOf('Add')).toBeGreaterThan(after.indexOf('Transpose'));
  });

  it('does not overflow', async () => {
    await checkRule([softmaxColumns, onColumns], (logits) => tf.softmax(tf.mul(logits, 1e4)), x);
  });
});

it.each<[string, number[]]>([
  ['few rows', [3, 10, 6]],
  ['long rows', [3, 100, 40]],
  ['a matrix', [300, 6]],
])('leaves the softmax of %s', async (_, shape) => {
  expect(await checkRule([softmaxColumns, onColumns], (logits) => tf.softmax(logits), { x: { shape } })).toEqual([
    'Softmax',
  ]);
});

it('leaves a bias that is used elsewhere, too, where it is', async () => {
  const twice = (logits: tf.Tensor) => {
    const biased = tf.add(logits, numbers([3, 1, 6]));
    return { biased: tf.exp(biased), weights: tf.softmax(biased) };
  };
  expect((await checkRule([softmaxColumns, onColumns], twice, x)).filter((op) => op === 'Add').length).toBe(1);
});

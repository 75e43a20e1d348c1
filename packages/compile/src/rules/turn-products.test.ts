import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { turnProducts } from './layouts.ts';

// small factors are transposed as a graph is recorded
const specs = { x: { shape: [64, 32, 16] }, y: { shape: [32, 64, 16] } };
const turn = (x: tf.Tensor) => tf.transpose(x, [1, 0, 2]);

it('transposes the factor that was not, where the product is transposed back', async () => {
  const twice = (x: tf.Tensor, y: tf.Tensor) => {
    const product = tf.mul(turn(tf.sin(x)), tf.cos(y));
    return { back: tf.reshape(turn(product), [64, 512]), sum: tf.sum(product, 1) };
  };
  const after = await checkRule([turnProducts], twice, specs);
  expect(after.filter((op) => op === 'Transpose').length).toBe(1);
});

it('leaves a product that is used as it is, and one of two transposed factors', async () => {
  const once = (x: tf.Tensor, y: tf.Tensor) => tf.exp(tf.mul(turn(tf.sin(x)), tf.cos(y)));
  expect((await checkRule([turnProducts], once, specs)).filter((op) => op === 'Transpose').length).toBe(1);
  const both = (x: tf.Tensor) => turn(tf.exp(turn(tf.mul(turn(tf.sin(x)), turn(tf.cos(x))))));
  expect((await checkRule([turnProducts], both, { x: specs.x })).filter((op) => op === 'Transpose').length).toBe(1);
});

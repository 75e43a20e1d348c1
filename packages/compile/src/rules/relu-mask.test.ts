import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { reluFactor, reluMask } from './elementwise.ts';

const x = { x: { shape: [6, 5] } };

it.each([1, 1e-30, 1e30])(
  "a ReLU's gradient has one operation that tells where it is 0, for numbers of about %s",
  async (size) => {
    const gradient = (input: tf.Tensor) =>
      tf.grad((z) => {
        const relu = tf.relu(z);
        return tf.mul(tf.sum(tf.mul(relu, relu)), 1 / size); // its gradient needs what the ReLU gave
      })(tf.mul(tf.sub(input, 0.2), size));
    const after = await checkRule([reluMask, reluFactor], gradient, x);
    expect(after.filter((op) => ['Greater', 'Cast'].includes(op))).toEqual([]);
    expect(after.filter((op) => op === 'HardSigmoid').length).toBe(1);
  },
);

it('is 0 or 1 at what float32 has at its ends', async () => {
  const numbers = Float32Array.of(-Infinity, -1, -0, 0, 1.2e-38, 1, 3.4e38, Infinity);
  const mask = (input: tf.Tensor) => {
    const z = tf.add(tf.mul(input, 0), tf.tensor1d(numbers));
    const relu = tf.relu(z);
    return [relu, tf.cast(tf.greater(z, 0), 'float32')];
  };
  expect(await checkRule([reluMask, reluFactor], mask, { x: { shape: [8] } })).toContain('HardSigmoid');
});

it('asks whether a ReLU is not 0 where the answer is no factor', async () => {
  const where = (input: tf.Tensor) => tf.where(tf.greater(input, 0), tf.exp(input), tf.relu(input));
  const after = await checkRule([reluMask, reluFactor], (input) => where(tf.sub(input, 0.2)), x);
  expect(after).not.toContain('HardSigmoid');
});

it('asks of numbers without a ReLU whether they are greater', async () => {
  expect(await checkRule([reluMask, reluFactor], (input) => tf.cast(tf.greater(input, 0), 'float32'), x)).toContain(
    'Greater',
  );
  const half = (input: tf.Tensor) => tf.add(tf.relu(input), tf.cast(tf.greater(input, 0.5), 'float32'));
  expect(await checkRule([reluMask, reluFactor], half, x)).toContain('Greater');
});

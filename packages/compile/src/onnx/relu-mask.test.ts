import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { checkRule } from '../testing/check-rule.ts';
import { reluMask } from './relu-mask.ts';

const x = { x: { shape: [6, 5] } };

it("a ReLU's gradient asks where the ReLU is not 0", async () => {
  const gradient = (input: tf.Tensor) => tf.grad((z) => tf.sum(tf.square(tf.relu(z))))(input);
  const after = await checkRule(reluMask, (input) => gradient(tf.sub(input, 0.2)), x);
  expect(after).not.toContain('Greater');
  expect(after.filter((op) => op === 'Cast').length).toBe(2);
});

it('asks of numbers without a ReLU whether they are greater', async () => {
  expect(await checkRule(reluMask, (input) => tf.cast(tf.greater(input, 0), 'float32'), x)).toContain('Greater');
  const half = (input: tf.Tensor) => tf.add(tf.relu(input), tf.cast(tf.greater(input, 0.5), 'float32'));
  expect(await checkRule(reluMask, half, x)).toContain('Greater');
});

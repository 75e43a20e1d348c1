import type { OutputMath, RowMath } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { outputTensorMath } from './output-math.ts';
import { withGradient } from './with-gradient.ts';

const logLoss = /* @__PURE__ */ withGradient(
  (z, y) => tf.sub(tf.softplus(z), tf.mul(z, y)),
  (dy, z, y) => [tf.mul(dy, tf.sub(tf.sigmoid(z), y)), tf.neg(tf.mul(dy, z))],
);

/** TF.js operations on the current backend, in float32. */
export const tensorMath: RowMath<tf.Tensor> = /* @__PURE__ */ Object.assign({}, outputTensorMath, {
  sigmoid: tf.sigmoid, // its gradient is finite for every logit
  logLoss,
  logSoftmax: (z) => tf.logSoftmax(z),
  lgamma,
  chosen: (outputs, label) => tf.sum(tf.mul(oneHot(label, outputs.shape.at(-1)!), outputs), -1),
  sum: (outputs) => tf.sum(outputs, -1),
  mean: (outputs) => tf.mean(outputs, -1),
  pick: (numbers, label) => tf.sum(tf.mul(oneHot(label, numbers.length), tf.tensor1d([...numbers])), -1),
} satisfies Omit<RowMath<tf.Tensor>, Exclude<keyof OutputMath<tf.Tensor>, 'sigmoid'>>);

/** Numbers that Stirling's series is moved up by: of 4 or more, three terms have all digits of 32 bits. */
const MOVED = [0, 1, 2, 3];

/** Stirling's series of log Γ(a + 4), less log a + … + log (a + 3). Each term has a slope that 32 bits hold. */
function lgamma(a: tf.Tensor): tf.Tensor {
  const x = tf.add(a, MOVED.length);
  const inverse = tf.div(1, x);
  const square = tf.square(inverse);
  const series = tf.mul(inverse, tf.add(1 / 12, tf.mul(square, tf.sub(tf.mul(square, 1 / 1260), 1 / 360))));
  const stirling = tf.sub(tf.mul(tf.sub(x, 0.5), tf.log(x)), tf.sub(x, Math.log(2 * Math.PI) / 2));
  const logs = MOVED.map((by) => tf.log(tf.add(a, by)));
  return tf.sub(tf.add(stirling, series), tf.addN(logs));
}

const oneHot = (label: tf.Tensor, depth: number): tf.Tensor =>
  tf.cast(tf.oneHot(tf.cast(label, 'int32'), depth), 'float32');

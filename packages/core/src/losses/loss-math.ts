import * as tf from '@tensorflow/tfjs-core';
import type { Arithmetic } from '../arithmetic/arithmetic.ts';

/**
 * What a loss may compute with. Values are [(tasks,) batch], or [(tasks,) batch, outputs] for the outputs of a task with several.
 * In training they are tensors, whose gradients TF.js knows. In evaluation they are doubles, one row at a time.
 */
export interface LossMath<V> extends Arithmetic<V> {
  readonly exp: (a: V) => V;
  readonly log: (a: V) => V;
  /** log(1 + eᵃ), without overflow. */
  readonly softplus: (a: V) => V;
  /** 1 / (1 + e^−a) */
  readonly sigmoid: (a: V) => V;
  /** The log loss of a logit: softplus(z) − z y. Its gradient is computed at once: σ(z) − y. */
  readonly logLoss: (z: V, y: V) => V;
  /** log softmax over the outputs of a row. */
  readonly logSoftmax: (z: V) => V;
  /** The output whose index is the label: [batch, outputs], [batch] → [batch]. */
  readonly chosen: (outputs: V, label: V) => V;
  /** The sum over the outputs: [batch, outputs] → [batch]. */
  readonly sum: (outputs: V) => V;
  /** The mean over the outputs: [batch, outputs] → [batch]. */
  readonly mean: (outputs: V) => V;
  /** The number for the label's index: [batch] → [batch]. */
  readonly pick: (numbers: readonly number[], label: V) => V;
}

/** TF.js operations on the current backend, in float32. */
export const tensorMath: LossMath<tf.Tensor> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  neg: tf.neg,
  abs: tf.abs,
  sign: tf.sign,
  sqrt: tf.sqrt,
  square: tf.square,
  exp: tf.exp,
  log: tf.log,
  softplus: tf.softplus,
  sigmoid: tf.sigmoid,
  logLoss,
  logSoftmax: (z) => tf.logSoftmax(z),
  chosen: (outputs, label) => tf.sum(tf.mul(oneHot(label, outputs.shape.at(-1)!), outputs), -1),
  sum: (outputs) => tf.sum(outputs, -1),
  mean: (outputs) => tf.mean(outputs, -1),
  pick: (numbers, label) => tf.sum(tf.mul(oneHot(label, numbers.length), tf.tensor1d([...numbers])), -1),
};

const oneHot = (label: tf.Tensor, depth: number): tf.Tensor =>
  tf.cast(tf.oneHot(tf.cast(label, 'int32'), depth), 'float32');

function logLoss(z: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((...inputs) => {
    const [logits, y, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([logits, y]);
    return {
      value: tf.sub(tf.softplus(logits), tf.mul(logits, y)),
      gradFunc: (dy, saved) => {
        const [logitsBefore, yBefore] = saved as [tf.Tensor, tf.Tensor];
        return [tf.mul(dy, tf.sub(tf.sigmoid(logitsBefore), yBefore)), tf.neg(tf.mul(dy, logitsBefore))];
      },
    };
  });
  return withGradient(z, labels);
}

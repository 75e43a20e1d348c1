import * as tf from '@tensorflow/tfjs-core';
import { outputTensorMath, type OutputMath } from './output-math.ts';

/**
 * What a loss may compute with. Values are [(tasks,) batch], or [(tasks,) batch, outputs] for the outputs of a task with several.
 * In training they are tensors, whose gradients TF.js knows. In evaluation they are doubles, one row at a time.
 */
export interface RowMath<V> extends OutputMath<V> {
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
export const tensorMath: RowMath<tf.Tensor> = /* @__PURE__ */ Object.assign({}, outputTensorMath, {
  sigmoid: tf.sigmoid, // its gradient is finite for every logit
  logLoss,
  logSoftmax: (z) => tf.logSoftmax(z),
  chosen: (outputs, label) => tf.sum(tf.mul(oneHot(label, outputs.shape.at(-1)!), outputs), -1),
  sum: (outputs) => tf.sum(outputs, -1),
  mean: (outputs) => tf.mean(outputs, -1),
  pick: (numbers, label) => tf.sum(tf.mul(oneHot(label, numbers.length), tf.tensor1d([...numbers])), -1),
} satisfies Omit<RowMath<tf.Tensor>, Exclude<keyof OutputMath<tf.Tensor>, 'sigmoid'>>);

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

import type * as tf from '@tensorflow/tfjs';

/** What a forward pass carries through the whole model. */
export interface Call {
  /** True in `fit`: dropout drops, batch norm takes the batch's statistics. */
  readonly training: boolean;
  /** The network's input, [batch, inputDim], whatever the level. */
  readonly raw: tf.Tensor2D;
  /** Adds a named scalar to the loss (load balancing, sparsity, …); the trainer weighs it and shows it in the history. */
  addLoss(name: string, loss: tf.Scalar): void;
}

/** A built layer: x is [batch, features] or, in a bank, [bank, batch, features]. */
export type Layer = (x: tf.Tensor, call: Call) => tf.Tensor;

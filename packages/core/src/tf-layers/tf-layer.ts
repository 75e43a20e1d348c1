import type * as tf from '@tensorflow/tfjs-core';

type Shape = (number | null)[];

/**
 * The part of a `tf.layers.Layer` that Polytask uses. Every layer of TensorFlow.js has it, and every `tf.sequential` model.
 * Pages without `tf.layers` need no types of it.
 */
export interface TfLayer {
  built: boolean;
  readonly weights: readonly object[];
  readonly trainableWeights: readonly object[];
  getClassName(): string;
  getConfig(): object;
  build(inputShape: Shape): void;
  computeOutputShape(inputShape: Shape): Shape | Shape[];
  apply(input: tf.Tensor, options?: { training?: boolean }): unknown;
  calculateLosses(): tf.Scalar[];
}

/** Whether a value is a layer. `instanceof` would load all of `tf.layers`. */
export const isTfLayer = (value: unknown): value is TfLayer => {
  const layer = value as Partial<TfLayer> | undefined;
  return typeof layer?.getClassName === 'function' && typeof layer.computeOutputShape === 'function';
};

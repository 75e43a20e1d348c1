import type { ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

/** Puts numbers into a parameter: as many as it has, nested or not. */
export function writeParameter(store: ParameterStore, name: string, values: tf.TensorLike): void {
  const { variable } = store.get(name);
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}

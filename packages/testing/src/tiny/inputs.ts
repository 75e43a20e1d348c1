import { randomStream, type ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

/** `count` rows of `width` normally distributed numbers, always the same for a name. */
export function tinyRows(count: number, width = 3, name = 'rows'): number[][] {
  const stream = randomStream(1, name);
  return Array.from({ length: count }, () => [...stream.normal(width)]);
}

/** Puts numbers into a parameter: as many as it has, nested or not. */
export function writeParameter(store: ParameterStore, name: string, values: tf.TensorLike): void {
  const { variable } = store.get(name);
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}

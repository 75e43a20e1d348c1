import { trainerOf, type Batch, type MultiTaskModel, type NetworkTrained, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';

/** Grows the trees of a model on encoded rows, as `fit` does. */
export async function growTrees<T extends Tasks>(
  model: MultiTaskModel<T>,
  train: Batch,
  validation?: Batch,
): Promise<NetworkTrained> {
  const { network } = model.config;
  return trainerOf(network)!({ config: network.config, model, train, validation, pause: async () => {} });
}

/** Each test of the file that calls this runs on TensorFlow.js's CPU backend, and leaves no tensor behind. */
export function leavesNoTensors(): void {
  let tensors: number;
  beforeAll(() => tf.setBackend('cpu'));
  beforeEach(() => void (tensors = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors).toBe(tensors));
}

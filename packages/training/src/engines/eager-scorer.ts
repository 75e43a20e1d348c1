import { fusionWeightsOf, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import type { Scorer } from '../engine.ts';

/** Forward passes as plain TF.js operations on the current backend. */
export function eagerScorer<T extends Tasks>(model: MultiTaskModel<T>): Scorer {
  return {
    async logits(batch: Batch) {
      const tensors = tf.tidy(() => {
        const { logits } = model.forward(model.toTensors(batch));
        return model.taskNames.map((task) => logits[task]);
      });
      try {
        const values = await Promise.all(tensors.map((each) => each.data<'float32'>()));
        return Object.fromEntries(model.taskNames.map((task, t) => [task, values[t]!]));
      } finally {
        tf.dispose(tensors);
      }
    },
    weights: (batch: Batch) => fusionWeightsOf(model, batch),
    async close() {},
  };
}

import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Call, MultiTaskModel, Tasks } from '@polytask/core';
import { logitsByTask } from '@polytask/core/internal';
import type { Scorer } from '../engine.ts';

/** Forward passes of a network without levels that computes its vectors from plain numbers. Input and heads run on the current backend. */
export function onHost<T extends Tasks>(model: MultiTaskModel<T>): Scorer {
  const { network, taskNames } = model;
  return {
    async logits(batch: Batch) {
      const features = model.toTensors(batch);
      const raw = tf.tidy(() => model.input(features).raw);
      let logits: tf.Tensor[] = [];
      try {
        const vectors = await network.onHost!(await raw.data<'float32'>(), batch.size);
        logits = tf.tidy(() => {
          const shape: [number, number] = [batch.size, network.outputDim];
          const lanes = new Map(taskNames.map((task) => [task, tf.tensor2d(vectors.get(task)!, shape)] as const));
          const call: Call = { training: false, raw, features, addLoss() {} };
          const byTask = logitsByTask(model.heads(lanes, call), taskNames);
          return taskNames.map((task) => byTask[task]!);
        });
        const values = await Promise.all(logits.map((each) => each.data<'float32'>()));
        return Object.fromEntries(taskNames.map((task, t) => [task, values[t]!]));
      } finally {
        tf.dispose([raw, logits]);
        tf.dispose(features as unknown as tf.TensorContainer);
      }
    },
    weights: () => Promise.resolve([]),
    async close() {},
  };
}

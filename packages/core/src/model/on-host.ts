import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../features/batch.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { callOn } from './call-on.ts';
import { logitsByTask } from './heads.ts';
import type { MultiTaskModel } from './model.ts';

/** The logits of some rows by task, row-major [batch × outputs]. */
export type LogitsOf = (batch: Batch) => Promise<Record<string, Float32Array>>;

/**
 * The forward passes of a network with vectors that it computes from plain numbers: see {@link Network}. Input and heads run on the current
 * backend. Undefined for a network of tensors alone.
 *
 * @example logitsOnHost(multiTaskModel({ schema, ...gradientBoosting(), seed: 7 })) !== undefined // true
 */
export function logitsOnHost<T extends Tasks>(model: MultiTaskModel<T>): LogitsOf | undefined {
  const { network, taskNames } = model;
  const { onHost, outputDim } = network;
  if (!onHost) return undefined;
  return async (batch) => {
    const features = model.toTensors(batch);
    const raw = tf.tidy(() => model.input(features).raw);
    const tensors: tf.Tensor[] = [];
    try {
      const vectors = await onHost(await raw.data<'float32'>(), batch.size);
      tf.tidy(() => {
        const lanes = new Map(
          taskNames.map((task) => [task, tf.tensor2d(vectors.get(task)!, [batch.size, outputDim])] as const),
        );
        const logits = logitsByTask(model.heads(lanes, callOn({ raw, features }, {}).call), taskNames);
        tensors.push(...taskNames.map((task) => tf.keep(logits[task]!)));
      });
      const values = await Promise.all(tensors.map((each) => each.data<'float32'>()));
      return Object.fromEntries(taskNames.map((task, t) => [task, values[t]!]));
    } finally {
      tf.dispose([raw, tensors]);
      tf.dispose(features as unknown as tf.TensorContainer);
    }
  };
}

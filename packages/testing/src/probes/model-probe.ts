import type { MultiTaskModel } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { tinyRows } from '../tiny/rows.ts';
import { inputOf, type Probe } from './probe.ts';

/** A whole model; its outputs are the logits by task, and the losses that its parts add. */
export function modelProbe(model: MultiTaskModel, rows = 5): Probe {
  const x = inputOf(tinyRows(rows));
  const none = (dtype: 'float32' | 'int32') => tf.zeros([rows, 0], dtype) as tf.Tensor2D;
  return {
    store: model.store,
    prefix: '',
    inputs: { 'the features': x },
    run(training) {
      const features = {
        numeric: x as unknown as tf.Tensor2D,
        ids: none('int32'),
        bagIds: none('int32'),
        bagWeights: none('float32'),
      };
      const { logits, auxiliary } = model.forward(features, { training });
      return { ...logits, ...auxiliary };
    },
  };
}

import * as tf from '@tensorflow/tfjs';
import {
  binary,
  defineGate,
  defineNetwork,
  denseSchema,
  fusion,
  multiTaskModel,
  ownUnits,
  type BatchTensors,
  type ExpertSpec,
} from '@polytask/core';
import { rows } from './bank.ts';

/** An even mix of all experts: the gates proper are another package's. */
const even = defineGate('test-even', ({ mask, experts }) => ({ reads: 'nothing', apply: () => tf.div(mask, experts) }));

const network = defineNetwork<{ experts: ExpertSpec }>('test-network', ({ experts }, tasks) =>
  fusion([{ units: ownUnits(tasks, 2), experts, outputs: tasks, weights: even() }]),
);

/** Two tasks with two experts each, on three numbers. */
export const tinyModel = (experts: ExpertSpec, seed = 7) =>
  multiTaskModel({ schema: denseSchema(3, { click: binary(), like: binary() }), network: network({ experts }), seed });

/** A batch for {@link tinyModel}. */
export function tinyBatch(size: number): BatchTensors {
  const x = rows(size, 3, 'batch');
  const labels = tf.tensor1d(x.map((row) => (row[0]! + row[1]! > 0 ? 1 : 0)));
  const ones = tf.ones([size]) as tf.Tensor1D;
  return {
    numeric: tf.tensor2d(x),
    ids: tf.zeros([size, 0], 'int32'),
    bagIds: tf.zeros([size, 0], 'int32'),
    bagWeights: tf.zeros([size, 0]),
    labels: { click: labels, like: tf.sub(1, labels) as tf.Tensor1D },
    weights: { click: ones, like: ones },
  };
}

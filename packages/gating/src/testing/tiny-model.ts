import * as tf from '@tensorflow/tfjs';
import {
  binary,
  defineNetwork,
  denseSchema,
  fusion,
  multiTaskModel,
  ownUnits,
  randomStream,
  SHARED,
  sharedUnit,
  type BatchTensors,
  type GateSpec,
} from '@polytask/core';
import { testExpert } from './level.ts';

/** Two levels, so that units have vectors of their own at the second. */
const network = defineNetwork<{ gate: GateSpec }>('test-network', ({ gate }, tasks) =>
  fusion(
    [[...tasks, SHARED], tasks].map((outputs) => ({
      units: [...ownUnits(tasks, 2), ...sharedUnit(1)],
      experts: testExpert(),
      outputs,
      weights: gate,
    })),
  ),
);

/** Two tasks with two experts each and a shared one, in two levels, on three numbers. */
export const tinyModel = (gate: GateSpec, tasks = ['click', 'like'], seed = 7) =>
  multiTaskModel({
    schema: denseSchema(3, Object.fromEntries(tasks.map((name) => [name, binary()]))),
    network: network({ gate }),
    seed,
  });

/** Rows for {@link tinyModel}. */
export const tinyRows = (size: number): { x: number[] }[] => {
  const stream = randomStream(1, 'tiny');
  return Array.from({ length: size }, () => ({ x: [...stream.normal(3)] }));
};

/** A batch for {@link tinyModel}. */
export function tinyBatch(size: number): BatchTensors {
  const x = tinyRows(size).map((row) => row.x);
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

import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from './random-stream.ts';

/** A request for a random tensor during a forward pass: its stream, its shape and its distribution. */
export interface Draw {
  readonly stream: RandomStream;
  readonly shape: readonly number[];
  /** Takes the next numbers from the stream. */
  readonly sample: () => Float32Array;
}

let provider: ((draw: Draw) => tf.Tensor) | undefined;

/**
 * Draws a new tensor of random numbers from a stream at each call. Layers, gates and experts must take their random
 * numbers from this function. An engine that traces a step once can then replace them at every run, with the same values
 * that eager execution would draw.
 *
 * It is an operation of TF.js, like `tf.randomUniform`: a recorder of operations sees by its name that the numbers are random.
 *
 * @param shape the shape of the tensor
 * @param sample draws `size` numbers from the stream
 * @example
 * const noise = randomTensor(scope.random('noise'), x.shape, (random, size) => random.normal(size));
 */
export const randomTensor = /* @__PURE__ */ tf.op({
  randomTensor_(
    stream: RandomStream,
    shape: readonly number[],
    sample: (random: RandomStream, size: number) => Float32Array,
  ): tf.Tensor {
    const size = shape.reduce((product, side) => product * side, 1);
    const draw: Draw = { stream, shape, sample: () => sample(stream, size) };
    return provider ? provider(draw) : tf.tensor(draw.sample(), [...shape]);
  },
});

/**
 * Runs a function whose random tensors come from `provide` instead of their streams. Only engines need it.
 *
 * @example withRandomTensors(({ shape }) => tf.zeros([...shape]), () => model.forward(features, { training: true }))
 */
export function withRandomTensors<R>(provide: (draw: Draw) => tf.Tensor, run: () => R): R {
  const previous = provider;
  provider = provide;
  try {
    return run();
  } finally {
    provider = previous;
  }
}

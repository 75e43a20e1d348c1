import * as tf from '@tensorflow/tfjs';
import type { RandomStream } from './random-stream.ts';

/** A random tensor that a forward pass asks for: where its numbers come from, and how. */
export interface Draw {
  readonly stream: RandomStream;
  readonly shape: readonly number[];
  /** Takes the next numbers from the stream. */
  readonly sample: () => Float32Array;
}

let provider: ((draw: Draw) => tf.Tensor) | undefined;

/**
 * A tensor of random numbers from a stream, drawn anew at each call. Whatever is random in a layer, gate or expert comes
 * from here, so that an engine that records a step once can feed it fresh numbers at every run, the same that eager
 * execution would draw.
 *
 * @param sample takes `size` numbers from the stream
 * @example
 * const noise = randomTensor(scope.random('noise'), x.shape, (random, size) => random.normal(size));
 */
export function randomTensor(
  stream: RandomStream,
  shape: readonly number[],
  sample: (random: RandomStream, size: number) => Float32Array,
): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  const draw: Draw = { stream, shape, sample: () => sample(stream, size) };
  return provider ? provider(draw) : tf.tensor(draw.sample(), [...shape]);
}

/** Runs a function in which random tensors come from `provide` and not from their streams. For engines. */
export function withRandomTensors<R>(provide: (draw: Draw) => tf.Tensor, run: () => R): R {
  const before = provider;
  provider = provide;
  try {
    return run();
  } finally {
    provider = before;
  }
}

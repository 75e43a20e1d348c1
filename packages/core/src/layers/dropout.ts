import * as tf from '@tensorflow/tfjs-core';
import { number } from '@polytask/components';
import { randomTensor } from '../random/random.ts';
import type { Scope } from '../parameters/scope.ts';
import type { Layer } from './layer.ts';

/**
 * Dropout (Srivastava et al. 2014). In training each number is set to 0 with probability `rate`; the others are divided by 1 − rate. Each call
 * draws a new mask from the scope's random stream, so a run repeats exactly from its seed, and resumes exactly from a checkpoint.
 *
 * @param rate the probability of 0, in [0, 1)
 * @throws PolytaskError when the rate is not in [0, 1)
 * @example const drop = dropout(scope, 0.1);
 */
export function dropout(scope: Scope, rate: number): Layer {
  number({ from: 0, below: 1 }).read(rate, 'the rate of dropout');
  if (rate === 0) return (x) => x;
  const random = scope.random('dropout');
  return (x, { training }) => {
    if (!training) return x;
    const mask = randomTensor(random, x.shape, (stream, size) =>
      stream.uniform(size).map((u) => (u < rate ? 0 : 1 / (1 - rate))),
    );
    return tf.mul(x, mask);
  };
}

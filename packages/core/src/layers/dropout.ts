import * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import { randomTensor } from '../random/random-tensor.ts';
import type { Scope } from '../parameters/scope.ts';
import type { Layer } from './layer.ts';

/**
 * Dropout (Srivastava et al. 2014): in training each number is zeroed with probability `rate` and the rest divided by
 * 1 − rate. Each call draws a new mask from the scope's random stream, so a run repeats exactly from one seed and
 * continues exactly from a checkpoint. (TF.js's seeded dropout repeats one mask for ever.)
 */
export function dropout(scope: Scope, rate: number): Layer {
  if (!(rate >= 0 && rate < 1)) {
    fail({
      expected: 'a dropout rate in [0, 1)',
      received: String(rate),
      mend: 'Pass the share to drop, such as 0.1.',
    });
  }
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

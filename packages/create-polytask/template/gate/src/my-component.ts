import * as tf from '@tensorflow/tfjs-core';
import { checks, defineGate, dense } from '@polytask/core';

const options = {
  /** The input of the scores: the unit's own vector, or the network's input. */
  reads: checks.optional(checks.oneOf('unit', 'raw'), 'unit'),
};

/**
 * W_u,e = s_e / Σ s, with scores s = softplus(x W + b) of the experts that the unit sees. Replace the equation by yours.
 *
 * @returns weights [units, batch, experts], which sum to 1
 * @throws PolytaskError when an option is unknown or invalid
 * @example myComponent({ reads: 'raw' })
 */
export const myComponent = defineGate(
  'my-package/my-component',
  ({ overExperts, unitDim, rawDim, experts, mask }, { reads }) => {
    const scores = dense(overExperts, { inputDim: reads === 'unit' ? unitDim : rawDim, units: experts });
    return {
      reads,
      apply(x, call) {
        const positive = tf.mul(tf.softplus(scores(x, call)), mask);
        return tf.div(positive, tf.sum(positive, -1, true));
      },
    };
  },
  {
    description: 'positive scores over their sum',
    package: 'my-package',
    traits: { normalized: true }, // what the conformance test is to check, too
    options,
    variant: { config: (reads) => ({ reads }) }, // for `polytask bench --gates`
  },
);

import * as tf from '@tensorflow/tfjs-core';
import { defineGate } from '@polytask/core';

/**
 * W_u,e = σ(s_u,e): a learned weight for each expert that the unit sees, the same for all rows.
 *
 * @returns weights [units, 1, experts] in (0, 1)
 * @throws PolytaskError when an option is unknown
 * @example staticSigmoidGate()
 */
export const staticSigmoidGate = defineGate(
  'outside-package/static-sigmoid',
  ({ overExperts, experts, mask }) => {
    const scores = overExperts.bias('scores', experts);
    return { reads: 'nothing', apply: () => tf.mul(tf.sigmoid(scores), mask) };
  },
  {
    traits: { fixedStart: true },
    description: 'a learned weight for each expert, through a sigmoid',
    package: 'outside-package',
    variant: { config: () => ({}) },
  },
);

import * as tf from '@tensorflow/tfjs-core';
import { checks, definePenalty } from '@polytask/core';

const options = {
  /** The weight of the penalty in the loss. */
  weight: checks.optional(checks.notNegative, 1e-4),
};

/**
 * weight · Σ |w| over all parameters of a level's experts, as in the lasso (Tibshirani, 1996). Replace the sum by yours.
 *
 * @throws PolytaskError when `weight` is below 0, or an option is unknown
 * @example fusion([{ units, experts, outputs, gate, penalties: [myComponent({ weight: 1e-3 })] }])
 */
export const myComponent = definePenalty(
  'my-package/my-component',
  ({ parameters }, { weight }) =>
    () =>
      tf.mul(weight, tf.addN(parameters.map((each) => tf.sum(tf.abs(each.value()))))) as tf.Scalar,
  { description: 'the sum of absolute parameters', paper: 'Tibshirani, 1996', package: 'my-package', options },
);

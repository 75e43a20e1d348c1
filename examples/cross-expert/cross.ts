import * as tf from '@tensorflow/tfjs-core';
import { checks, defineExpert, linear } from '@polytask/core';

const options = {
  /** How often the input is crossed. */
  layers: checks.optional(checks.wholeNumber(1), 1),
};

/**
 * Cross network (Wang et al., DCN-v2, WWW'21, eq. 1): x_{l+1} = x0 ⊙ (W_l x_l + b_l) + x_l, where x0 is the expert's input.
 * [batch, inputDim] → [batch, inputDim]: each layer adds products of one more feature.
 *
 * @throws PolytaskError when `layers` isn't a positive whole number, or an option is unknown
 * @example adatt({ levels: [{ experts: cross({ layers: 2 }), perTask: 2, shared: 1 }] })
 */
export const cross = defineExpert(
  'cross',
  ({ inputDim, child }, { layers }) => {
    const steps = Array.from({ length: layers }, (_, l) => {
      const { weight, bias } = child(String(l));
      return { w: weight('kernel', [inputDim, inputDim]), b: bias('bias', inputDim) };
    });
    return {
      outputDim: inputDim,
      apply: (x0) => steps.reduce((x, { w, b }) => tf.add(tf.mul(x0, linear(x, w, b)), x), x0),
    };
  },
  { options },
);

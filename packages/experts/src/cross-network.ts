import * as tf from '@tensorflow/tfjs';
import { checks, defineExpert, linear } from '@polytask/core';

const { optional, wholeNumber } = checks;

export interface CrossNetworkConfig {
  /** How often the input is crossed: the highest order of a product of features is one more. Default 2. */
  layers?: number;
  /** Rank of each W, as U V; full when left out. */
  rank?: number;
}

/**
 * Cross network (Wang et al., DCN-v2, WWW'21, eq. 1): x_{l+1} = x_0 ⊙ (W_l x_l + b_l) + x_l, where x_0 is what the expert
 * reads; with `rank`, W_l = U_l V_l (eq. 2). [batch, inputDim] → [batch, inputDim].
 *
 * @throws PolytaskError when a number isn't a positive whole one, or an option is unknown
 * @example crossNetwork({ layers: 3, rank: 16 })
 */
export const crossNetwork = defineExpert<CrossNetworkConfig>(
  'cross-network',
  ({ inputDim, child }, { layers = 2, rank }) => {
    const steps = Array.from({ length: layers }, (_, l) => {
      const { weight, bias } = child(String(l));
      const kernels =
        rank === undefined
          ? [weight('kernel', [inputDim, inputDim])]
          : [weight('down', [inputDim, rank]), weight('up', [rank, inputDim])];
      return { kernels, b: bias('bias', inputDim) };
    });
    return {
      outputDim: inputDim,
      apply: (x0, call) =>
        steps.reduce((x, { kernels, b }) => {
          const crossed = kernels.reduce<tf.Tensor>((h, kernel) => linear(h, kernel, undefined, call.shared), x);
          return tf.add(tf.mul(x0, tf.add(crossed, b)), x);
        }, x0),
    };
  },
  {
    description: 'products of features, one order more a layer',
    paper: 'Wang et al., WWW 2021, eq. 1',
    package: '@polytask/experts',
    options: { layers: optional(wholeNumber(1)), rank: optional(wholeNumber(1)) },
  },
);

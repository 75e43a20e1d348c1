import * as tf from '@tensorflow/tfjs-core';
import { checks, defineExpert, linear } from '@polytask/core';

const { optional, wholeNumber } = checks;

/** Options of {@link crossNetwork}. */
export interface CrossNetworkConfig {
  /** The number of cross layers. n layers form products of up to n + 1 features. Default 2. */
  layers?: number;
  /** The rank of each W, which is then U V. Default: full rank. */
  rank?: number;
}

/**
 * Cross network (Wang et al., DCN-v2, WWW'21, eq. 1): x_{l+1} = x_0 ⊙ (W_l x_l + b_l) + x_l, where x_0 is the expert's
 * input. With `rank`, W_l = U_l V_l (eq. 2). Shapes: [batch, inputDim] → [batch, inputDim].
 *
 * @throws PolytaskError when a number is not a positive whole number, or an option is unknown
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

import * as tf from '@tensorflow/tfjs-core';
import { flag, optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, linear, type ExpertSpec, type Layer, type Scope } from '@polytask/core';

const options = {
  /** The number of cross layers. n layers form products of up to n + 1 features. */
  layers: optional(wholeNumber(1), 2),
  /** The rank of each W, which is then U V. Without it, W has full rank. */
  rank: optional(wholeNumber(1)),
  /** Whether a gate σ(W^g x_l) weighs each product, as in GDCN. */
  gated: optional(flag, false),
};

export interface CrossNetworkOptions extends Written<typeof options>, FromDescription {}

/**
 * Cross network (Wang et al., DCN-v2, WWW'21, eq. 1): x_{l+1} = x_0 ⊙ (W_l x_l + b_l) + x_l, where x_0 is the expert's
 * input. With `rank`, W_l = U_l V_l (eq. 2). With `gated`, x_{l+1} = x_0 ⊙ (W_l x_l + b_l) ⊙ σ(W^g_l x_l) + x_l
 * (GDCN, Wang et al., CIKM'23). Shapes: [batch, inputDim] → [batch, inputDim].
 *
 * @throws PolytaskError when a number is not a positive whole number, or an option is unknown
 * @example crossNetwork({ layers: 3, rank: 16 })
 */
export const crossNetwork: (config?: CrossNetworkOptions) => ExpertSpec = defineExpert(
  'cross-network',
  ({ inputDim, child }, { layers, rank, gated }) => {
    const steps = Array.from({ length: layers }, (_, l) => {
      const scope = child(String(l));
      const product = square(scope, inputDim, rank);
      const gate = gated ? square(scope.child('gate'), inputDim, rank) : undefined;
      const b = scope.bias('bias', inputDim);
      return (x0: tf.Tensor, ...[x, call]: Parameters<Layer>) => {
        const crossed = tf.mul(x0, tf.add(product(x, call), b));
        return tf.add(gate ? tf.mul(crossed, tf.sigmoid(gate(x, call))) : crossed, x);
      };
    });
    return { outputDim: inputDim, apply: (x0, call) => steps.reduce((x, step) => step(x0, x, call), x0) };
  },
  {
    description: 'products of features, one order more a layer',
    paper: 'Wang et al., WWW 2021, eq. 1',
    package: '@polytask/experts',
    options,
  },
);

/** x W, or x U V of a rank. */
function square({ weight }: Scope, width: number, rank?: number): Layer {
  const kernels =
    rank === undefined
      ? [weight('kernel', [width, width])]
      : [weight('down', [width, rank]), weight('up', [rank, width])];
  return (x, call) => kernels.reduce<tf.Tensor>((h, kernel) => linear(h, kernel, undefined, call.shared), x);
}

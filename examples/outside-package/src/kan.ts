import * as tf from '@tensorflow/tfjs-core';
import { checks, defineExpert, dense } from '@polytask/core';

const options = {
  /** Width of the output. */
  units: checks.wholeNumber(1),
  /** The number of basis functions of an edge, evenly over [−2, 2]. */
  basis: checks.optional(checks.wholeNumber(2), 5),
};

const EDGE = 2;

/**
 * Layer of a Kolmogorov–Arnold network (Liu et al. 2024, eq. 2.10): y_j = Σ_i φ_ij(x_i), where each edge learns its own function
 * φ_ij(x) = w_ij silu(x) + Σ_k c_ijk B_k(x). The basis functions B_k are Gaussians (FastKAN, Li 2024).
 * [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when `units` is no positive whole number, `basis` is below 2, or an option is unknown
 * @example kan({ units: 16 })
 */
export const kan = defineExpert(
  'outside-package/kan',
  (builder, { units, basis }) => {
    const { inputDim } = builder;
    const step = (2 * EDGE) / (basis - 1);
    const centers = Array.from({ length: basis }, (_, k) => k * step - EDGE);
    const smooth = dense(builder.child('smooth'), { inputDim, units });
    const edges = dense(builder.child('edges'), { inputDim: inputDim * basis, units, bias: false });
    return {
      outputDim: units,
      apply(x, call) {
        const bumps = centers.map((center) => tf.exp(tf.neg(tf.square(tf.div(tf.sub(x, center), step)))));
        return tf.add(smooth(tf.mul(x, tf.sigmoid(x)), call), edges(tf.concat(bumps, -1), call));
      },
    };
  },
  {
    description: 'a learned function for each edge',
    paper: 'Liu et al. 2024, eq. 2.10; Li 2024',
    package: 'outside-package',
    options,
    variant: { layer: (units) => ({ units }) },
  },
);

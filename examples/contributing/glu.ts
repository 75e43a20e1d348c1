import * as tf from '@tensorflow/tfjs-core';
import { wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, dense, type ExpertSpec } from '@polytask/core';

const options = {
  /** Width of the output. */
  units: wholeNumber(1),
};

export interface GluOptions extends Written<typeof options>, FromDescription {}

/**
 * Gated linear unit (Dauphin et al. 2017, eq. 1): (x W + b) ⊙ σ(x V + c). [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when `units` isn't a positive whole number, or an option is unknown
 * @example glu({ units: 64 })
 */
export const glu: (config: GluOptions) => ExpertSpec = defineExpert(
  'glu',
  (builder, { units }) => {
    const { inputDim } = builder;
    const value = dense(builder.child('value'), { inputDim, units });
    const gate = dense(builder.child('gate'), { inputDim, units, activation: 'sigmoid' });
    return { outputDim: units, apply: (x, call) => tf.mul(value(x, call), gate(x, call)) };
  },
  {
    description: 'an affine map times a sigmoid gate',
    paper: 'Dauphin et al., ICML 2017, eq. 1',
    package: '@polytask/experts',
    options,
  },
);

import * as tf from '@tensorflow/tfjs';
import { checks, defineExpert, dense, type Activation } from '@polytask/core';

const { activationName, optional, wholeNumber } = checks;

export interface GatedExpertConfig {
  /** Width of the output. */
  units: number;
  /** What the gate goes through: `sigmoid` is GLU, the default; `swish` SwiGLU, `gelu` GEGLU, `relu` ReGLU. */
  activation?: Activation;
  /** Width of the gated layer, with an affine map to `units` after it, as in a transformer; none when left out. */
  hidden?: number;
}

/**
 * Gated linear unit: (x W + b) ⊙ act(x V + c) (Dauphin et al., ICML'17, eq. 1; Shazeer 2020, eq. 5), with `hidden` followed
 * by an affine map (Shazeer 2020, eq. 6). [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when a number isn't a positive whole one, or an option is unknown
 * @example gatedExpert({ units: 64, activation: 'swish', hidden: 128 })
 */
export const gatedExpert = defineExpert<GatedExpertConfig>(
  'gated',
  (builder, { units, activation = 'sigmoid', hidden }) => {
    const { inputDim } = builder;
    const width = hidden ?? units;
    const value = dense(builder.child('value'), { inputDim, units: width });
    const gate = dense(builder.child('gate'), { inputDim, units: width, activation });
    const out = hidden === undefined ? undefined : dense(builder.child('out'), { inputDim: hidden, units });
    return {
      outputDim: units,
      apply(x, call) {
        const gated = tf.mul(value(x, call), gate(x, call));
        return out ? out(gated, call) : gated;
      },
    };
  },
  {
    description: 'an affine map times a gate: GLU, SwiGLU',
    paper: 'Dauphin et al., ICML 2017, eq. 1; Shazeer 2020',
    package: '@polytask/experts',
    options: { units: wholeNumber(1), activation: optional(activationName), hidden: optional(wholeNumber(1)) },
  },
);

import * as tf from '@tensorflow/tfjs-core';
import { checks, defineExpert, dense, type Activation } from '@polytask/core';

const { activationName, optional, wholeNumber } = checks;

/** Options of {@link gatedExpert}. */
export interface GatedExpertOptions {
  /** Width of the output. */
  units: number;
  /** The activation of the gate: `sigmoid` (default, GLU), `swish` (SwiGLU), `gelu` (GEGLU), `relu` (ReGLU). */
  activation?: Activation;
  /** Width of the gated layer. An affine map to `units` follows, as in a transformer. Default: `units`, without the map. */
  hidden?: number;
}

/**
 * Gated linear unit: (x W + b) ⊙ act(x V + c) (Dauphin et al., ICML'17, eq. 1; Shazeer 2020, eq. 5). With `hidden`, an
 * affine map follows (Shazeer 2020, eq. 6). Shapes: [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when a number is not a positive whole number, or an option is unknown
 * @example gatedExpert({ units: 64, activation: 'swish', hidden: 128 })
 */
export const gatedExpert = defineExpert<GatedExpertOptions>(
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
    variants: {
      glu: { layer: (units) => ({ units }), paper: 'Dauphin et al., ICML 2017, eq. 1' },
      swiglu: { layer: (units) => ({ units, activation: 'swish' }), paper: 'Shazeer 2020, eq. 5' },
    },
    options: { units: wholeNumber(1), activation: optional(activationName), hidden: optional(wholeNumber(1)) },
  },
);

import * as tf from '@tensorflow/tfjs-core';
import { optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, dense, activationName, type ExpertSpec } from '@polytask/core';

const options = {
  /** Width of the output. */
  units: wholeNumber(1),
  /** The activation of the gate: `sigmoid` (GLU), `swish` (SwiGLU), `gelu` (GEGLU), `relu` (ReGLU). */
  activation: optional(activationName, 'sigmoid'),
  /** Width of the gated layer. An affine map to `units` follows, as in a transformer. Default: `units`, without the map. */
  hidden: optional(wholeNumber(1)),
};

export interface GatedExpertOptions extends Written<typeof options>, FromDescription {}

/**
 * Gated linear unit: (x W + b) ⊙ act(x V + c) (Dauphin et al., ICML'17, eq. 1; Shazeer 2020, eq. 5). With `hidden`, an
 * affine map follows (Shazeer 2020, eq. 6). Shapes: [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when a number is not a positive whole number, or an option is unknown
 * @example gatedExpert({ units: 64, activation: 'swish', hidden: 128 })
 */
export const gatedExpert: (config: GatedExpertOptions) => ExpertSpec = defineExpert(
  'gated',
  (builder, { units, activation, hidden }) => {
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
      swiglu: { layer: (units) => ({ units, activation: 'swish' as const }), paper: 'Shazeer 2020, eq. 5' },
    },
    options,
  },
);

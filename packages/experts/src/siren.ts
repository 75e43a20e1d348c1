import * as tf from '@tensorflow/tfjs-core';
import { listOf, optional, positive, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, dense, uniform, type ExpertSpec, type Layer } from '@polytask/core';

const options = {
  /** The widths of the layers, from the input up. */
  units: listOf(wholeNumber(1), 1),
  /** ω_0, the factor of the angle of each sine. The default is the paper's. Tables need a small one, such as 1. */
  omega: optional(positive, 30),
};

export interface SirenOptions extends Written<typeof options>, FromDescription {}

/**
 * SIREN: an MLP with sines, h ← sin(ω_0 (h W + b)) in each layer (Sitzmann et al., NeurIPS'20, section 3.2). The
 * first W starts from U(±1/fanIn), the others from U(±√(6/fanIn)/ω_0). Shapes: [batch, inputDim] → [batch, last width].
 *
 * @throws PolytaskError when there is no layer, a width is not a positive whole number, or an option is unknown or invalid
 * @example siren({ units: [64, 32], omega: 5 })
 */
export const siren: (config: SirenOptions) => ExpertSpec = defineExpert(
  'siren',
  (builder, { units, omega }) => {
    const layers = units.map((width, i): Layer => {
      const inputDim = i === 0 ? builder.inputDim : units[i - 1]!;
      const limit = i === 0 ? 1 / inputDim : Math.sqrt(6 / inputDim) / omega;
      const affine = dense(builder.child(String(i)), { inputDim, units: width, kernelInit: uniform(limit) });
      return (x, call) => tf.sin(tf.mul(omega, affine(x, call)));
    });
    return { outputDim: units.at(-1)!, apply: (x, call) => layers.reduce((h, layer) => layer(h, call), x) };
  },
  {
    description: 'an MLP with sines as activations, for targets that repeat or oscillate',
    paper: 'Sitzmann et al., NeurIPS 2020, section 3.2',
    package: '@polytask/experts',
    variant: {
      description: 'an MLP with sines as activations, ω_0 = 1',
      layer: (width) => ({ units: [width], omega: 1 }),
      layers: (units) => ({ units, omega: 1 }),
    },
    options,
  },
);

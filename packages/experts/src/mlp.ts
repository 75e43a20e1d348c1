import {
  flag,
  listOf,
  number,
  oneOf,
  optional,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import {
  activation,
  batchNorm,
  defineExpert,
  dense,
  dropout,
  layerNorm,
  activationName,
  type ExpertSpec,
  type Layer,
} from '@polytask/core';

const options = {
  /** The widths of the layers, from the input up. */
  units: listOf(wholeNumber(1), 1),
  /** The activation after each layer, including the last one. */
  activation: optional(activationName, 'relu'),
  /** The share of each layer's outputs that training drops, in [0, 1). */
  dropout: optional(number({ from: 0, below: 1 }), 0),
  /** Between the affine map and the activation: `layer` (Ba et al. 2016) or `batch` (Ioffe & Szegedy 2015). */
  norm: optional(oneOf('layer', 'batch', 'none'), 'none'),
  /**
   * Whether the affine maps have a bias. Default true, and false with `norm: 'batch'`: batch normalization subtracts a bias again, so its
   * gradient is rounding, and an adaptive optimizer turns rounding into steps.
   */
  bias: optional(flag, ({ norm }) => norm !== 'batch'),
};

export interface MlpOptions extends Omit<Written<typeof options>, 'units'>, FromDescription {}

const mlpExpert = defineExpert(
  'mlp',
  (builder, { units, activation: name, dropout: rate, norm, bias }) => {
    const act = activation(name);
    let inputDim = builder.inputDim;
    const layers = units.flatMap((width, i): Layer[] => {
      const scope = builder.child(String(i));
      const affine = dense(scope, { inputDim, units: width, bias });
      inputDim = width;
      const normalization: Layer[] =
        norm === 'layer' ? [layerNorm(scope, width)] : norm === 'batch' ? [batchNorm(scope, width)] : [];
      return [affine, ...normalization, act, dropout(scope, rate)];
    });
    return { outputDim: inputDim, apply: (x, call) => layers.reduce((h, layer) => layer(h, call), x) };
  },
  {
    description: 'layers: affine map, normalization, activation, dropout',
    package: '@polytask/experts',
    variant: { layer: (width) => ({ units: [width] }), layers: (units) => ({ units }) },
    options,
  },
);

/**
 * A multi-layer perceptron. Each layer is an affine map, then normalization, activation and dropout. Shapes:
 * [batch, inputDim] → [batch, last width].
 *
 * @param units the widths of the layers, from the input up; one or more
 * @throws PolytaskError when there is no layer, a width is not a positive whole number, or an option is unknown or invalid
 * @example mlp([128, 64], { dropout: 0.1 })
 */
export const mlp = (units: readonly number[], options: MlpOptions = {}): ExpertSpec => mlpExpert({ ...options, units });

import {
  activation,
  batchNorm,
  checks,
  defineExpert,
  dense,
  dropout,
  layerNorm,
  type Activation,
  type ExpertSpec,
  type Layer,
} from '@polytask/core';

const { activationName, flag, listOf, number, oneOf, optional, wholeNumber } = checks;

/** Options of {@link mlp}. */
export interface MlpOptions {
  /** The activation after each layer, including the last one. Default `relu`. */
  activation?: Activation;
  /** The share of each layer's outputs that training drops, in [0, 1). Default 0. */
  dropout?: number;
  /** Between the affine map and the activation: `layer` (Ba et al. 2016) or `batch` (Ioffe & Szegedy 2015). Default `none`. */
  norm?: 'layer' | 'batch' | 'none';
  /**
   * Whether the affine maps have a bias. Default true, and false with `norm: 'batch'`: batch normalization subtracts a bias again, so its
   * gradient is rounding, and an adaptive optimizer turns rounding into steps.
   */
  bias?: boolean;
}

/** The whole configuration of {@link mlp}. */
export interface AllMlpOptions extends MlpOptions {
  /** The widths of the layers, from the input up. */
  units: readonly number[];
}

const mlpExpert = defineExpert<AllMlpOptions>(
  'mlp',
  (builder, config) => {
    // specs without `bias` have one, also before batch normalization: earlier versions saved such models
    const { units, activation: name = 'relu', dropout: rate = 0, norm = 'none', bias = true } = config;
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
    variants: { mlp: { layer: (width) => ({ units: [width] }), layers: (units) => ({ units }) } },
    options: {
      units: listOf(wholeNumber(1), 1),
      activation: optional(activationName),
      dropout: optional(number('a rate in [0, 1)', (rate) => rate >= 0 && rate < 1)),
      norm: optional(oneOf('layer', 'batch', 'none')),
      bias: optional(flag),
    },
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
export const mlp = (units: readonly number[], options: MlpOptions = {}): ExpertSpec<AllMlpOptions> =>
  mlpExpert({ ...(options.norm === 'batch' && { bias: false }), ...options, units });

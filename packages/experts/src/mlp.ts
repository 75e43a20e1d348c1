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

export interface MlpOptions {
  /** After each layer, the last one included. Default `relu`. */
  activation?: Activation;
  /** Share of each layer's outputs that is dropped in training, in [0, 1). Default 0. */
  dropout?: number;
  /** Normalization between the affine map and the activation. Default `none`. */
  norm?: 'layer' | 'batch' | 'none';
  /** Whether the affine maps have a bias. Default true. */
  bias?: boolean;
}

export interface MlpConfig extends MlpOptions {
  /** The widths of the layers, from the input up. */
  units: readonly number[];
}

const mlpExpert = defineExpert<MlpConfig>(
  'mlp',
  (builder, config) => {
    const { units, activation: name = 'relu', dropout: rate = 0, norm = 'none', bias = true } = config;
    const act = activation(name);
    let inputDim = builder.inputDim;
    const layers = units.flatMap((width, i): Layer[] => {
      const scope = builder.child(String(i));
      const affine = dense(scope, { inputDim, units: width, bias });
      inputDim = width;
      const normed: Layer[] =
        norm === 'layer' ? [layerNorm(scope, width)] : norm === 'batch' ? [batchNorm(scope, width)] : [];
      return [affine, ...normed, act, dropout(scope, rate)];
    });
    return { outputDim: inputDim, apply: (x, call) => layers.reduce((h, layer) => layer(h, call), x) };
  },
  {
    description: 'layers of affine map, normalization, activation and dropout',
    package: '@polytask/experts',
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
 * A multi-layer perceptron: for each width an affine map, then norm, activation and dropout.
 * [batch, inputDim] → [batch, last width].
 *
 * @param units the widths of the layers, from the input up; one or more
 * @throws PolytaskError when there is no layer, a width isn't a positive whole number, or an option is unknown or unfit
 * @example mlp([128, 64], { dropout: 0.1 })
 */
export const mlp = (units: readonly number[], options: MlpOptions = {}): ExpertSpec<MlpConfig> =>
  mlpExpert({ ...options, units });

import {
  batchNorm,
  defineExpert,
  dense,
  dropout,
  fail,
  layerNorm,
  activation,
  type Activation,
  type ExpertSpec,
  type Layer,
} from '@polytask/core';

export interface MlpOptions {
  /** Default `relu`, after each layer. */
  activation?: Activation;
  /** Share of each layer's outputs that is dropped in training. Default 0. */
  dropout?: number;
  /** Normalisation between the affine map and the activation. Default none. */
  norm?: 'layer' | 'batch' | 'none';
  bias?: boolean;
}

export interface MlpConfig extends MlpOptions {
  units: readonly number[];
}

const mlpExpert = defineExpert<MlpConfig>('mlp', (builder, config) => {
  const { units, activation: name = 'relu', dropout: rate = 0, norm = 'none', bias = true } = config;
  validate(units);
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
});

/**
 * A multi-layer perceptron: for each width an affine map, then norm, activation and dropout.
 * [batch, inputDim] → [batch, last width].
 *
 * @param units the widths of the layers, from the input up; one or more
 * @throws PolytaskError when there is no layer, or a width isn't a positive whole number
 * @example mlp([128, 64], { dropout: 0.1 })
 */
export const mlp = (units: readonly number[], options: MlpOptions = {}): ExpertSpec<MlpConfig> => {
  validate(units);
  return mlpExpert({ units, ...options });
};

function validate(units: readonly number[]): void {
  if (!Array.isArray(units) || units.length === 0 || units.some((width) => !Number.isInteger(width) || width < 1)) {
    fail({
      expected: 'the widths of one or more layers, positive whole numbers',
      received: JSON.stringify(units),
      mend: 'Pass mlp([128, 64]).',
    });
  }
}

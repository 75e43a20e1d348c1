import * as tf from '@tensorflow/tfjs';
import { buildLayer, defineExpert, type ExpertSpec, type LayerConfig } from '@polytask/core';

export type LayerExpertConfig = LayerConfig;

const adapter = defineExpert<LayerConfig>(
  'tf-layer',
  (builder, config) => {
    const { layer, outputDim } = buildLayer(builder, config, builder.inputDim);
    return { outputDim, apply: (x, { training }) => layer.apply(x, { training }) as tf.Tensor };
  },
  { bankable: false },
);

/**
 * Any `tf.layers.Layer` as an expert: [batch, inputDim] → [batch, width]. Each place of the level gets a layer of its
 * own, made from the given one's configuration; initialisers without a seed get the model's. The layers run one after
 * the other: an expert written with {@link defineExpert} runs as a bank.
 *
 * @example layerExpert(tf.layers.dense({ units: 64, activation: 'selu' }))
 */
export const layerExpert = (layer: tf.layers.Layer): ExpertSpec<LayerConfig> =>
  adapter({ className: layer.getClassName(), config: JSON.parse(JSON.stringify(layer.getConfig())) as LayerConfig['config'] });

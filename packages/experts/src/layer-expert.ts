import * as tf from '@tensorflow/tfjs';
import { buildLayer, defineExpert, fail, type ExpertSpec, type LayerConfig } from '@polytask/core';

export type LayerExpertConfig = LayerConfig;

const adapter = defineExpert<LayerExpertConfig>(
  'tf-layer',
  (builder, config) => {
    const { layer, outputDim } = buildLayer(builder, config, builder.inputDim);
    return { outputDim, apply: (x, { training }) => layer.apply(x, { training }) as tf.Tensor };
  },
  { bankable: false },
);

/**
 * Any `tf.layers.Layer` as an expert: [batch, inputDim] → [batch, width]. Each place of the level gets a layer of its
 * own, made from the given one's configuration: the given one stays as it is, and weights that it may have are not
 * copied. Initialisers without a seed get the model's. The layers run one after the other; an expert written with
 * `defineExpert` runs as a bank.
 *
 * @throws PolytaskError when it is given no layer; when the model is built, if the layer doesn't give [batch, width]
 * @example layerExpert(tf.layers.dense({ units: 64, activation: 'selu' }))
 */
export function layerExpert(layer: tf.layers.Layer): ExpertSpec<LayerExpertConfig> {
  if (!(layer instanceof tf.layers.Layer)) {
    const what: unknown = layer;
    fail({
      expected: 'a tf.layers layer',
      received: typeof what === 'function' ? 'a function' : typeof what,
      mend: 'Pass layerExpert(tf.layers.dense({ units: 64 })), from the same @tensorflow/tfjs as this package uses.',
    });
  }
  return adapter({ className: layer.getClassName(), config: plain(layer.getConfig()) as LayerExpertConfig['config'] });
}

/** A layer's configuration as JSON; it can hold undefined and instances that know how to become JSON. */
const plain = (config: unknown): unknown => JSON.parse(JSON.stringify(config));

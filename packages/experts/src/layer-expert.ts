import * as tf from '@tensorflow/tfjs';
import {
  buildLayer,
  defineExpert,
  fail,
  type Call,
  type ExpertBuilder,
  type ExpertSpec,
  type LayerConfig,
} from '@polytask/core';

export type LayerExpertConfig = LayerConfig;

const adapter = defineExpert<LayerExpertConfig>(
  'tf-layer',
  (builder, config) => {
    const { inputDim } = builder;
    const { layer, outputDim } = buildLayer(numbered(builder), config, inputDim);
    tryOut(layer, config.className, inputDim);
    return { outputDim, apply: (x, call) => withLosses(layer, x, call) };
  },
  { bankable: false, description: 'any tf.layers.Layer', package: '@polytask/experts' },
);

/**
 * Any `tf.layers.Layer`, a `tf.sequential` model included, as an expert: [batch, inputDim] → [batch, width]. Each place of
 * the level gets a layer of its own, made from the given one's configuration: the given one stays as it is, and weights
 * that it may have are not copied. Initializers without a seed get the model's. Its regularizers count as an auxiliary
 * loss, `tf-layer`. The layers run one after the other; an expert written with `defineExpert` runs as a bank.
 *
 * The noise of `tf.layers.dropout` and its like is TF.js's own: without a seed no run repeats it, with one it is the same
 * at every step. `mlp` has dropout that repeats with the model's seed.
 *
 * @throws PolytaskError when it is given no layer; when the model is built, if the layer doesn't take [batch, inputDim]
 *   or doesn't give [batch, width]
 * @example layerExpert(tf.layers.dense({ units: 64, activation: 'selu' }))
 */
export function layerExpert(layer: tf.layers.Layer): ExpertSpec<LayerExpertConfig> {
  if (!(layer instanceof tf.layers.Layer)) {
    fail({
      expected: 'a tf.layers layer',
      received: typeof layer === 'function' ? 'a function' : typeof layer,
      mend: 'Pass layerExpert(tf.layers.dense({ units: 64 })), with the one @tensorflow/tfjs that this package uses too.',
    });
  }
  const config = JSON.parse(JSON.stringify(layer.getConfig())) as LayerExpertConfig['config'];
  return adapter({ className: layer.getClassName(), config });
}

/** A scope that calls a second `kernel` `kernel_1`: the layers of a sequential model all have one. */
function numbered(scope: ExpertBuilder): ExpertBuilder {
  const counts = new Map<string, number>();
  return {
    ...scope,
    tensor(name, ...rest) {
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      return scope.tensor(count === 0 ? name : `${name}_${count}`, ...rest);
    },
  };
}

/** TF.js finds out that a layer can't read its input when it runs: let that be now. */
function tryOut(layer: tf.layers.Layer, className: string, inputDim: number): void {
  try {
    tf.tidy(() => void layer.apply(tf.zeros([1, inputDim])));
  } catch (error) {
    fail({
      expected: `layer "${className}" to take [batch, ${inputDim}]`,
      received: `an error of TF.js (${(error as Error).message.replace(/\.$/, '')})`,
      mend: `Its level reads vectors of ${inputDim} numbers: give it that input shape, or none.`,
    });
  }
}

function withLosses(layer: tf.layers.Layer, x: tf.Tensor, call: Call): tf.Tensor {
  const output = layer.apply(x, { training: call.training }) as tf.Tensor;
  if (call.training) for (const loss of layer.calculateLosses()) call.addLoss('tf-layer', loss);
  return output;
}

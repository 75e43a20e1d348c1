import * as tf from '@tensorflow/tfjs-core';
import { anything, record, text } from '@polytask/components';
import { defineExpert, fail, type Call, type ExpertBuilder, type ExpertSpec, type TfLayer } from '@polytask/core';
import { buildLayer, isTfLayer } from '@polytask/core/internal';

/** A `tf.layers.Layer` as plain JSON. */
const options = {
  /** Its class. */
  className: text,
  /** The configuration of the class. */
  config: record(anything),
};

const adapter = defineExpert(
  'tf-layer',
  (builder, config) => {
    const { inputDim } = builder;
    const { layer, outputDim } = buildLayer(numbered(builder), config, inputDim);
    tryOut(layer, config.className, inputDim);
    return { outputDim, apply: (x, call) => withLosses(layer, x, call) };
  },
  {
    bankable: false,
    options,
    description: 'any tf.layers.Layer',
    package: '@polytask/experts',
  },
);

/**
 * Uses any `tf.layers.Layer`, such as a `tf.sequential` model, as an expert: [batch, inputDim] → [batch, width].
 *
 * Each expert is a new layer with the configuration of `layer`. The layer itself is not changed, and its weights are not
 * copied. Initializers without a seed get a seed from the model. Regularizers add to the auxiliary loss `tf-layer`.
 *
 * These experts run one by one. An expert that you write with `defineExpert` runs as a bank, which is faster.
 *
 * TF.js draws the noise of layers such as `tf.layers.dropout`. Without a seed, runs don't repeat; with a seed, every step
 * has the same noise. Use the dropout of `mlp` for noise that repeats with the model's seed.
 *
 * @throws PolytaskError when the argument is not a layer
 * @throws PolytaskError, when the model is built, if the layer doesn't map [batch, inputDim] to [batch, width]
 * @example layerExpert(tf.layers.dense({ units: 64, activation: 'selu' }))
 */
export function layerExpert(layer: TfLayer): ExpertSpec {
  if (!isTfLayer(layer)) {
    fail({
      expected: 'a tf.layers layer',
      received: typeof layer === 'function' ? 'a function' : typeof (layer as unknown),
      fix: 'Pass layerExpert(tf.layers.dense({ units: 64 })).',
    });
  }
  const config = JSON.parse(JSON.stringify(layer.getConfig())) as Record<string, unknown>;
  return adapter({ className: layer.getClassName(), config });
}

/** A scope that numbers repeated names (`kernel`, `kernel_1`), because the layers of a sequential model share names. */
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

/** Runs the layer once: TF.js reports an input that doesn't fit only when the layer runs. */
function tryOut(layer: TfLayer, className: string, inputDim: number): void {
  try {
    tf.tidy(() => void layer.apply(tf.zeros([1, inputDim])));
  } catch (error) {
    fail({
      expected: `layer "${className}" to take [batch, ${inputDim}]`,
      received: `an error of TF.js (${(error as Error).message.replace(/\.$/, '')})`,
      fix: `Its level reads vectors of ${inputDim} numbers: give it that input shape, or none.`,
    });
  }
}

function withLosses(layer: TfLayer, x: tf.Tensor, call: Call): tf.Tensor {
  const output = layer.apply(x, { training: call.training }) as tf.Tensor;
  if (call.training) for (const loss of layer.calculateLosses()) call.addLoss('tf-layer', loss);
  return output;
}

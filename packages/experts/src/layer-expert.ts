import * as tf from '@tensorflow/tfjs-core';
import { anything, record, text, type Read, fail } from '@polytask/components';
import { defineExpert, integerBelow, type ExpertBuilder, type ExpertSpec, type Scope } from '@polytask/core';

type Shape = (number | null)[];

/** The part of a `tf.layers.Layer` that Polytask uses, so that pages without `tf.layers` need no types of it. */
export interface TfLayer {
  built: boolean;
  readonly weights: readonly object[];
  readonly trainableWeights: readonly object[];
  getClassName(): string;
  getConfig(): object;
  build(inputShape: Shape): void;
  computeOutputShape(inputShape: Shape): Shape | Shape[];
  apply(input: tf.Tensor, options?: { training?: boolean }): unknown;
  calculateLosses(): tf.Scalar[];
}

/** Whether a value is a layer. `instanceof` would load all of `tf.layers`. */
const isTfLayer = (value: unknown): value is TfLayer => {
  const layer = value as Partial<TfLayer> | undefined;
  return typeof layer?.getClassName === 'function' && typeof layer.computeOutputShape === 'function';
};

/** A `tf.layers.Layer` as plain JSON. */
const options = {
  /** Its class, as TF.js registers it: `Dense`. */
  className: text,
  /** What the layer's `getConfig()` returns. */
  config: record(anything),
};

const adapter = defineExpert(
  'tf-layer',
  (builder, config) => {
    const { inputDim } = builder;
    const { layer, outputDim } = buildLayer(numbered(builder), config, inputDim);
    tryOut(layer, config.className, inputDim);
    return {
      outputDim,
      apply(x, call) {
        const output = layer.apply(x, { training: call.training }) as tf.Tensor;
        if (call.training) for (const loss of layer.calculateLosses()) call.addLoss('tf-layer', loss);
        return output;
      },
    };
  },
  { bankable: false, options, description: 'any tf.layers.Layer', package: '@polytask/experts' },
);

/**
 * Uses any `tf.layers.Layer`, such as a `tf.sequential` model, as an expert: [batch, inputDim] → [batch, width].
 *
 * Each expert is a new layer with the configuration of `layer`. Its weights are not copied, initializers without a seed get one from the
 * model, and regularizers add to the auxiliary loss `tf-layer`. These experts run one by one, which is slower than the bank of an expert
 * that you write with `defineExpert`. TF.js draws the noise of `tf.layers.dropout`: without a seed, runs don't repeat; with one, every step
 * has the same noise. Use the dropout of `mlp` instead.
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

/** Builds a `tf.layers.Layer` for an input of [batch, inputDim], whose weights become parameters of the scope. */
export function buildLayer(
  scope: Scope,
  { className, config }: Read<typeof options>,
  inputDim: number,
): { layer: TfLayer; outputDim: number } {
  const classes = tf.serialization.SerializationMap.getMap().classNameMap;
  const entry = classes[className];
  if (!entry) {
    fail({
      expected: 'a layer class that TF.js knows',
      received: `"${className}"`,
      fix: 'Import @tensorflow/tfjs before the model is built or loaded (--import @tensorflow/tfjs on the command line), or your file with tf.serialization.registerClass(YourLayer).',
    });
  }
  const [type, fromConfig] = entry;
  const seeded = seedInitializers(config, () => integerBelow(scope.random('seeds'), 2 ** 31 - 1));
  const { name: _, ...rest } = seeded as { name?: string };
  const layer = fromConfig(type as never, rest as never) as unknown as TfLayer;
  layer.build([null, inputDim]);
  layer.built = true;
  const output = layer.computeOutputShape([null, inputDim]);
  const outputDim = output.length === 2 ? output[1] : undefined;
  if (typeof outputDim !== 'number' || outputDim === 0) {
    fail({
      expected: `layer "${className}" to give [batch, width]`,
      received: JSON.stringify(output),
      fix: 'Follow it by a flatten, in a tf.layers layer of your own.',
    });
  }
  layer.weights.forEach((weight) => adopt(scope, weight, layer.trainableWeights.includes(weight)));
  return { layer, outputDim };
}

/** Replaces a variable of the layer by a variable of the store with the same values. */
function adopt(scope: Scope, weight: object, trainable: boolean): void {
  const holder = weight as { val: tf.Variable; originalName: string };
  const layerVariable = holder.val;
  const name = holder.originalName.split('/').at(-1)!;
  const values = layerVariable.dataSync();
  holder.val = scope.tensor(name, layerVariable.shape, () => Float32Array.from(values), trainable);
  layerVariable.dispose();
}

/** Sets a seed in every initializer without one. Otherwise TF.js would draw different initial weights at each run. */
function seedInitializers(value: unknown, nextSeed: () => number): unknown {
  if (Array.isArray(value)) return value.map((each) => seedInitializers(each, nextSeed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === 'seed' && inner === null ? nextSeed() : seedInitializers(inner, nextSeed),
  ]);
  return Object.fromEntries(entries);
}

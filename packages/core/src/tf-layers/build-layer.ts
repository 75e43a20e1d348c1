import { integerBelow } from '../random/random-stream.ts';
import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';
import type { Scope } from '../parameters/scope.ts';
import type { TfLayer } from './tf-layer.ts';

/** A `tf.layers.Layer` as plain JSON: its class and configuration. */
export interface LayerDeclaration {
  /** The class, as TF.js registers it: `Dense`. */
  className: string;
  /** What the layer's `getConfig()` returns. */
  config: Record<string, unknown>;
}

/**
 * Builds a `tf.layers.Layer` for an input of [batch, inputDim]. Its weights become parameters of the scope, which are
 * trained, saved and loaded with the model.
 *
 * @throws PolytaskError when TF.js doesn't know the class, or the layer's output is not [batch, width]
 * @example buildLayer(scope, { className: 'Dense', config: { units: 4 } }, 8).outputDim // 4
 */
export function buildLayer(
  scope: Scope,
  spec: LayerDeclaration,
  inputDim: number,
): { layer: TfLayer; outputDim: number } {
  const { className, config } = spec;
  const classes = tf.serialization.SerializationMap.getMap().classNameMap;
  const entry = classes[className];
  if (!entry) {
    fail({
      expected: 'a layer class that TF.js knows',
      received: `"${className}"`,
      fix: 'Call tf.serialization.registerClass(YourLayer) before the model is built or loaded.',
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

import { layoutOf, contextsOf, partTensors, type Contexts, type FeatureTensors } from '@polytask/core';
import { tinyFeatures, tinySchema } from './tiny-features.ts';

/** The contexts of a component outside of a model. */
export interface TinyContext {
  readonly contexts: Contexts | undefined;
  /** The features of a batch, for `Call.features`. Call it in a `tf.tidy`. */
  features(rows: number): FeatureTensors | undefined;
}

/**
 * Contexts of these names. Each has a column of the network's input as its embedding.
 *
 * @param width of the network's input
 */
export function tinyContext(names: readonly string[] = [], width: number): TinyContext {
  if (names.length === 0) return { contexts: undefined, features: () => undefined };
  const schema = { features: tinySchema(names), tasks: {} };
  const layout = layoutOf(schema);
  const columns = new Map(names.map((name, i) => [name, { from: i % width, width: 1 }]));
  return {
    contexts: contextsOf({ ...schema, context: names }, layout, columns),
    features: (rows) => partTensors(tinyFeatures(rows, layout), layout),
  };
}

import { unfit, type FeaturePosition, type Layout } from './layout.ts';
import type { Schema } from './schema.ts';

/** The columns of one feature in the network's input: the first column, and the number of columns. */
export interface FeatureColumns {
  readonly from: number;
  readonly width: number;
}

/** Where a context of the schema is: its place in a batch, and its columns in the network's input. */
export interface ContextPosition {
  readonly place: FeaturePosition;
  /** Undefined when the input doesn't name its features. */
  readonly columns: FeatureColumns | undefined;
}

/** The contexts of a schema by name, in its order. {@link contextOf} reads one of them. */
export type Contexts = ReadonlyMap<string, ContextPosition>;

/**
 * The contexts of a schema.
 *
 * @param layout of the schema
 * @param columns those of each feature in the network's input, if the input names them
 * @throws PolytaskError for a name that is no feature with one id, and for one that is there twice
 * @example [...contextsOf(model.schema, model.layout).keys()] // ['tab']
 */
export const contextsOf = (
  { context = [], features }: Pick<Schema, 'context' | 'features'>,
  { places }: Pick<Layout, 'places'>,
  columns?: ReadonlyMap<string, FeatureColumns>,
): Contexts =>
  new Map(
    context.map((name, i) => {
      const place =
        places.find((each) => each.name === name && each.part === 'ids' && context.indexOf(name) === i) ??
        unfit('the context of the schema to be features with one id, each once', name, features);
      return [name, { place, columns: columns?.get(name) }];
    }),
  );

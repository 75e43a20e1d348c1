import { fail } from '../errors/errors.ts';
import type { CategoricalFeature, Feature, HashedFeature, Schema } from './schema.ts';

/** The embedding rows of a categorical field for values outside the vocabulary, and for missing values. */
export const UNKNOWN = 0;
export const MISSING = 1;
const RESERVED = 2;

/** The position of a feature in an encoded row. */
export interface FeaturePlace {
  readonly name: string;
  readonly feature: Feature;
  /** The first column in `numeric` (numeric, vector), `ids` (categorical, hashed) or `bagIds` (multi-valued). */
  readonly column: number;
  /** The number of columns. */
  readonly width: number;
  /** The field's first row in the embedding table; 0 for numbers. */
  readonly offset: number;
}

/** The positions of all features of a schema in the arrays of a batch. */
export interface Layout {
  readonly places: readonly FeaturePlace[];
  /** The number of columns in `numeric`. */
  readonly numeric: number;
  /** The number of columns in `ids`. */
  readonly fields: number;
  /** The number of slots of all multi-valued features together. */
  readonly slots: number;
  /** The number of rows in the embedding table. */
  readonly vocabulary: number;
}

/** The typed array of each dtype. */
export interface ArrayOf {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
}

interface PartDeclaration {
  readonly dtype: keyof ArrayOf;
  /** The number of columns that the part has in a layout. */
  readonly width: (layout: Layout) => number;
  /** Whether the numbers are rows of the embedding table. */
  readonly isIndex?: true;
}

/**
 * The parts of a batch that hold encoded features. Batches, tensors, graph inputs and copies of rows are all derived from
 * this table. Labels and sample weights are not parts: they are stored by task.
 */
export const BATCH_PARTS = {
  /** [size × layout.numeric] standardized numbers and vectors */
  numeric: { dtype: 'float32', width: (layout: Layout) => layout.numeric },
  /** [size × layout.fields] row indices of the embedding table */
  ids: { dtype: 'int32', width: (layout: Layout) => layout.fields, isIndex: true },
  /** [size × layout.slots] row indices of the same table, for multi-valued features */
  bagIds: { dtype: 'int32', width: (layout: Layout) => layout.slots, isIndex: true },
  /** [size × layout.slots] weights of `bagIds`; 0 in empty slots */
  bagWeights: { dtype: 'float32', width: (layout: Layout) => layout.slots },
} as const satisfies Record<string, PartDeclaration>;

/** The name of a part of {@link BATCH_PARTS}. */
export type BatchPart = keyof typeof BATCH_PARTS;

/** The parts whose numbers are rows of the embedding table. */
export type IndexPart = {
  [P in BatchPart]: (typeof BATCH_PARTS)[P] extends { readonly isIndex: true } ? P : never;
}[BatchPart];

/** The names of the {@link IndexPart}s. */
export const INDEX_PARTS = Object.entries(BATCH_PARTS).flatMap(([name, part]) =>
  'isIndex' in part ? [name as IndexPart] : [],
);

/** The feature arrays of a batch, row-major. */
export type FeatureArrays = { readonly [P in BatchPart]: ArrayOf[(typeof BATCH_PARTS)[P]['dtype']] };

/** A part of a batch, with its width in one layout. */
export interface PartSpec {
  readonly name: BatchPart;
  readonly dtype: keyof ArrayOf;
  /** The number of columns; may be 0. */
  readonly width: number;
}

/**
 * All parts of a batch, in order, including parts without columns.
 *
 * @example batchParts(model.layout).map(({ name }) => name) // ['numeric', 'ids', 'bagIds', 'bagWeights']
 */
export const batchParts = (layout: Layout): PartSpec[] =>
  Object.entries(BATCH_PARTS).map(([name, { dtype, width }]) => ({
    name: name as BatchPart,
    dtype,
    width: width(layout),
  }));

/**
 * The parts with at least one column in a layout. They are the inputs of a graph or a layer.
 *
 * @example presentParts(layoutOf(denseSchema(3, tasks))) // [{ name: 'numeric', dtype: 'float32', width: 3 }]
 */
export const presentParts = (layout: Layout): PartSpec[] => batchParts(layout).filter(({ width }) => width > 0);

/** Creates an object with a value for each part. */
export const byPart = <V>(make: (name: BatchPart, dtype: keyof ArrayOf) => V): Record<BatchPart, V> =>
  Object.fromEntries(
    Object.entries(BATCH_PARTS).map(([name, { dtype }]) => [name, make(name as BatchPart, dtype)]),
  ) as Record<BatchPart, V>;

/**
 * The number of embedding rows of a categorical or hashed field, including the rows for unknown and missing values.
 *
 * @example vocabularySize({ kind: 'hashed', buckets: 100 }) // 102
 */
export const vocabularySize = (feature: CategoricalFeature | HashedFeature): number =>
  RESERVED + (feature.kind === 'categorical' ? feature.vocabulary.length : feature.buckets);

/**
 * Computes the layout of a schema.
 *
 * @throws PolytaskError when there is no feature, or a feature is of an unknown kind
 * @example layoutOf({ features: { x: { kind: 'vector', width: 3 } } }).numeric // 3
 */
export function layoutOf(schema: Pick<Schema, 'features'>): Layout {
  let [numeric, fields, slots, vocabulary] = [0, 0, 0, 0];
  const places = Object.entries(schema.features).map(([name, feature]): FeaturePlace => {
    const offset = vocabulary;
    switch (feature.kind) {
      case 'numeric':
      case 'vector': {
        const width = feature.kind === 'vector' ? feature.width : feature.indicator ? 2 : 1;
        const place = { name, feature, column: numeric, width, offset: 0 };
        numeric += width;
        return place;
      }
      case 'categorical':
      case 'hashed':
        vocabulary += vocabularySize(feature);
        return { name, feature, column: fields++, width: 1, offset };
      case 'multi-valued': {
        const place = { name, feature, column: slots, width: feature.maxLength, offset };
        vocabulary += vocabularySize(feature.values);
        slots += feature.maxLength;
        return place;
      }
      default:
        return fail({
          expected: `feature "${name}" to be numeric, vector, categorical, hashed or multi-valued`,
          received: JSON.stringify((feature as { kind?: unknown } | undefined)?.kind),
          mend: 'Fit a table, or write the feature as in the schema documentation.',
        });
    }
  });
  if (places.length === 0) {
    fail({ expected: 'at least one feature', received: 'none', mend: 'Pass features: { age: numeric() }.' });
  }
  return { places, numeric, fields, slots, vocabulary };
}

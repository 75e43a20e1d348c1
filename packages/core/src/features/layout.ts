import { fail } from '../errors/errors.ts';
import type { CategoricalFeature, Feature, HashedFeature, Schema } from './schema.ts';

/** Entries of the embedding table that a categorical field keeps for values outside its vocabulary and for none. */
export const UNKNOWN = 0;
export const MISSING = 1;
const RESERVED = 2;

/** Where a feature's numbers and ids stand in an encoded row. */
export interface FeaturePlace {
  readonly name: string;
  readonly feature: Feature;
  /** First column among the numbers (numeric, vector), the ids (categorical, hashed) or the bag slots (multi-valued). */
  readonly column: number;
  /** How many columns. */
  readonly width: number;
  /** The field's first row in the one embedding table; 0 for numbers. */
  readonly offset: number;
}

/** How rows of a schema are laid out in arrays. */
export interface Layout {
  readonly places: readonly FeaturePlace[];
  /** Columns of numbers. */
  readonly numeric: number;
  /** Columns of ids. */
  readonly fields: number;
  /** Slots of all multi-valued features together. */
  readonly slots: number;
  /** Rows of the embedding table. */
  readonly vocabulary: number;
}

/** The arrays in which numbers of a type are held. */
export interface ArrayOf {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
}

interface PartDeclaration {
  readonly dtype: keyof ArrayOf;
  /** Columns of the part in a row of a layout. */
  readonly width: (layout: Layout) => number;
}

/**
 * The parts of a batch that hold encoded features: the one place that names them. Batches, tensors, graph inputs and copies
 * of rows follow from it. Labels and sample weights stand beside the parts, by task.
 */
export const BATCH_PARTS = {
  /** [size × layout.numeric] numbers, as the model reads them */
  numeric: { dtype: 'float32', width: (layout: Layout) => layout.numeric },
  /** [size × layout.fields] rows of the one embedding table */
  ids: { dtype: 'int32', width: (layout: Layout) => layout.fields },
  /** [size × layout.slots] rows of the same table, of multi-valued features */
  bagIds: { dtype: 'int32', width: (layout: Layout) => layout.slots },
  /** [size × layout.slots] weights of those rows; 0 in empty slots */
  bagWeights: { dtype: 'float32', width: (layout: Layout) => layout.slots },
} as const satisfies Record<string, PartDeclaration>;

export type BatchPart = keyof typeof BATCH_PARTS;

/** The arrays of a batch that features are written to, row-major. */
export type FeatureArrays = { readonly [P in BatchPart]: ArrayOf[(typeof BATCH_PARTS)[P]['dtype']] };

/** A part in one layout. */
export interface PartSpec {
  readonly name: BatchPart;
  readonly dtype: keyof ArrayOf;
  /** Columns; may be 0. */
  readonly width: number;
}

/** All parts of a batch in their order, those without columns included. */
export const batchParts = (layout: Layout): PartSpec[] =>
  Object.entries(BATCH_PARTS).map(([name, { dtype, width }]) => ({
    name: name as BatchPart,
    dtype,
    width: width(layout),
  }));

/** The parts that have columns in a layout: the inputs of a graph or a layer. */
export const presentParts = (layout: Layout): PartSpec[] => batchParts(layout).filter(({ width }) => width > 0);

/** A value for each part, by its name. */
export const byPart = <V>(make: (name: BatchPart, dtype: keyof ArrayOf) => V): Record<BatchPart, V> =>
  Object.fromEntries(
    Object.entries(BATCH_PARTS).map(([name, { dtype }]) => [name, make(name as BatchPart, dtype)]),
  ) as Record<BatchPart, V>;

/** How many embedding rows a categorical or hashed field takes. */
export const vocabularySize = (feature: CategoricalFeature | HashedFeature): number =>
  RESERVED + (feature.kind === 'categorical' ? feature.vocabulary.length : feature.buckets);

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

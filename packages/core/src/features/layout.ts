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

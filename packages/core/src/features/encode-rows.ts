import { fail, PolytaskError, shown, suggestion } from '../errors/errors.ts';
import { MISSING, UNKNOWN, type FeatureArrays, type FeaturePlace, type Layout, layoutOf } from './layout.ts';
import type { CategoricalFeature, HashedFeature, NumericFeature, Row, Schema } from './schema.ts';
import { emptyBatch, type Batch } from './batch.ts';

/** Writes the value of one feature into row `row` of the arrays. */
export type ValueEncoder = (value: unknown, arrays: FeatureArrays, row: number) => void;

/**
 * Creates the encoder of one feature. The encoder holds an index of the vocabulary: create it once and use it for all rows.
 *
 * @returns an encoder that throws a PolytaskError when a value doesn't fit the feature
 * @example
 * const encoders = layout.places.map((place) => valueEncoder(place, layout));
 */
export function valueEncoder(place: FeaturePlace, layout: Layout): ValueEncoder {
  const { name, feature, column, width } = place;
  switch (feature.kind) {
    case 'numeric':
      return (value, { numeric }, row) => {
        const at = row * layout.numeric + column;
        const number = numberOf(name, value);
        numeric[at] = Number.isNaN(number) ? 0 : standardize(name, feature, number);
        if (feature.indicator) numeric[at + 1] = Number.isNaN(number) ? 1 : 0;
      };
    case 'vector':
      return (value, { numeric }, row) => {
        const numbers = typeof value === 'number' && width === 1 ? [value] : (value as ArrayLike<number>);
        if (typeof numbers !== 'object' || numbers?.length !== width) {
          wrong(name, `${width} numbers`, Array.isArray(value) ? `${value.length} of them` : JSON.stringify(value));
        }
        for (let i = 0; i < width; i++) {
          if (!isFinite32(numbers[i]!)) {
            const expected = Number.isFinite(numbers[i]) ? 'numbers that 32 bits can hold' : 'finite numbers';
            wrong(name, expected, `${String(numbers[i])} at place ${i}`);
          }
          numeric[row * layout.numeric + column + i] = numbers[i]!;
        }
      };
    case 'categorical':
    case 'hashed': {
      const idOf = idEncoder(feature, place.offset);
      return (value, { ids }, row) => {
        ids[row * layout.fields + column] = idOf(textOf(name, value));
      };
    }
    case 'multi-valued': {
      const idOf = idEncoder(feature.values, place.offset);
      return (value, { bagIds, bagWeights }, row) => {
        const values = valuesOf(name, value, feature.separator).slice(0, width);
        const at = row * layout.slots + column;
        bagIds.fill(place.offset, at, at + width);
        bagWeights.fill(0, at, at + width);
        values.forEach((each, i) => {
          bagIds[at + i] = idOf(each);
          bagWeights[at + i] = feature.pooling === 'mean' ? 1 / values.length : 1;
        });
      };
    }
  }
}

/** (x − mean) / deviation, or 0 for a constant feature. Throws when 32 bits can't hold the result. */
function standardize(name: string, feature: NumericFeature, value: number): number {
  const { mean, deviation, log } = feature;
  if (!(deviation > 0)) return 0;
  const standardized = ((log ? Math.sign(value) * Math.log1p(Math.abs(value)) : value) - mean) / deviation;
  if (isFinite32(standardized)) return standardized;
  return fail({
    expected: `a number for feature "${name}" that is finite in 32 bits after standardizing`,
    received: String(value),
    mend: `The feature has mean ${mean} and deviation ${deviation}. Correct the value, or pass null where it is missing.`,
  });
}

/** Whether a number is finite after rounding to 32 bits, as the arrays of a batch store it. */
const isFinite32 = (value: number): boolean => Number.isFinite(value) && Number.isFinite(Math.fround(value));

function idEncoder(feature: CategoricalFeature | HashedFeature, offset: number): (value: string | null) => number {
  if (feature.kind === 'hashed') {
    return (value) => offset + (value === null ? MISSING : 2 + (hashOf(value) % feature.buckets));
  }
  const index = new Map(feature.vocabulary.map((value, i) => [value, i + 2]));
  return (value) => offset + (value === null ? MISSING : (index.get(value) ?? UNKNOWN));
}

/**
 * The 32-bit FNV-1a hash of the UTF-16 units of a string. It is the same in every engine and language.
 *
 * @example hashOf('a') // 3826002220
 */
export function hashOf(value: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function numberOf(name: string, value: unknown): number {
  if (value === null || value === undefined || value === '') return NaN;
  if (typeof value === 'number') {
    if (value === Infinity || value === -Infinity)
      wrong(name, 'a finite number, or null where it is missing', String(value));
    return value;
  }
  if (typeof value === 'boolean') return Number(value);
  return wrong(name, 'a number, or null where it is missing', JSON.stringify(value));
}

function textOf(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '' || Number.isNaN(value)) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return wrong(name, 'a string, a number or null', JSON.stringify(value));
}

function valuesOf(name: string, value: unknown, separator: string): string[] {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value.map((each) => textOf(name, each)).filter((each) => each !== null);
  if (typeof value === 'string')
    return value
      .split(separator)
      .map((each) => each.trim())
      .filter((each) => each !== '');
  return wrong(name, `a list, or a string of values between "${separator}"`, JSON.stringify(value));
}

function wrong(name: string, expected: string, received: string): never {
  return fail({
    expected: `${expected} for feature "${name}"`,
    received,
    mend: 'Give it what the schema was fitted on.',
  });
}

/** What is wrong with a row. */
export interface RowFault {
  /** The index of the row. */
  readonly row: number;
  /** The feature whose value is absent or doesn't fit. Undefined for a row that is no object. */
  readonly feature?: string;
  /** Says what was expected, what was received, and how to mend it. */
  readonly error: PolytaskError;
}

/** Encodes rows. `onFault` receives each fault; by default the first fault is thrown. */
export type RowEncoder = (rows: readonly Row[], onFault?: (fault: RowFault) => void) => Batch;

/**
 * Creates an encoder of rows, with the encoding of the training table. Create it once per schema.
 *
 * @returns a function that encodes rows. It throws a PolytaskError when a feature is absent or a value doesn't fit. With
 * `onFault` it goes on after a fault; don't predict its batch then
 * @example rowEncoder(model.schema)([{ age: 41, occupation: 'Sales' }])
 */
export function rowEncoder(schema: Pick<Schema, 'features'>): RowEncoder {
  const layout = layoutOf(schema);
  const encoders = layout.places.map((place) => ({ name: place.name, encode: valueEncoder(place, layout) }));
  return (rows, onFault = refuse) => {
    const batch = emptyBatch(rows.length, layout);
    rows.forEach((row, r) => {
      if (typeof row !== 'object' || row === null) {
        onFault({ row: r, error: noRow(row) });
        return;
      }
      for (const { name, encode } of encoders) {
        try {
          if (!(name in row)) absent(name, row);
          encode(row[name], batch, r);
        } catch (error) {
          if (!(error instanceof PolytaskError)) throw error;
          onFault({ row: r, feature: name, error });
        }
      }
    });
    return batch;
  };
}

function refuse({ row, error }: RowFault): never {
  throw Object.assign(error, { message: `Row ${row}: ${error.message}` });
}

const noRow = (row: unknown): PolytaskError =>
  new PolytaskError(
    `Expected an object with a key for each feature, received ${shown(row)}. Pass [{ age: 41, occupation: null }].`,
  );

function absent(name: string, row: Row): never {
  return fail({
    expected: `a value for feature "${name}"`,
    received: `a row with ${Object.keys(row).length} keys`,
    mend: `${suggestion(name, Object.keys(row))} Pass null where a value is missing.`,
  });
}

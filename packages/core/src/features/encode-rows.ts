import { fail, PolytaskError, shown, suggestion } from '../errors/errors.ts';
import { composedRows, FIRST_CODE, isComposed, MISSING, UNKNOWN, vocabularySize } from './codes.ts';
import {
  BATCH_PARTS,
  type FeatureArrays,
  type FeaturePlace,
  type FeatureTable,
  type Layout,
  layoutOf,
  type Pooling,
} from './layout.ts';
import { parseNumber } from './parse-number.ts';
import type {
  MultiValuedFeature,
  NumericFeature,
  Row,
  Schema,
  IdSequenceFeature,
  SideColumnFeature,
} from './schema.ts';
import { emptyBatch, type Batch } from './batch.ts';
import { ShardedMap } from './sharded-map.ts';

/** Writes the value of one feature into row `row` of the arrays. Returns the number of entries of the value. */
export type ValueEncoder = (value: unknown, arrays: FeatureArrays, row: number) => number;

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
        return 1;
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
        return width;
      };
    case 'categorical':
    case 'hashed':
    case 'shared': {
      const codeOf = codeEncoder(place.table!);
      const write = rowWriter(place, layout);
      return (value, arrays, row) => {
        const code = codeOf(textOf(name, value));
        for (let vector = 0; vector < width; vector++) write(arrays, row, vector, code);
        return 1;
      };
    }
    case 'multi-valued':
    case 'id-sequence':
      return idsEncoder(place, feature, layout);
    case 'side-column': {
      const { values } = feature;
      return values.kind === 'numeric'
        ? numbersEncoder(place, feature.separator, values, layout)
        : idsEncoder(place, feature, layout);
    }
  }
}

/** The weight of entry i of `length` entries. In the model, attention multiplies its weights by the scores of the entries. */
const POOLING_WEIGHTS: Readonly<Record<Pooling, (i: number, length: number) => number>> = {
  mean: (_, length) => 1 / length,
  sum: () => 1,
  last: (i, length) => (i === length - 1 ? 1 : 0),
  attention: () => 1,
};

/** The encoder of a list of ids: one slot for each entry, then padding with weight 0. */
function idsEncoder(
  place: FeaturePlace,
  { kind, separator }: MultiValuedFeature | IdSequenceFeature | SideColumnFeature,
  layout: Layout,
): ValueEncoder {
  const { name, column, width, table, pooling } = place;
  const codeOf = codeEncoder(table!);
  const write = rowWriter(place, layout);
  const weightOf = POOLING_WEIGHTS[pooling!];
  return (value, arrays, row) => {
    const all = entriesOf(name, value, separator).map((each) => textOf(name, each));
    const entries = kind === 'multi-valued' ? all.filter((each) => each !== null).slice(0, width) : all.slice(-width);
    const at = row * layout.slots + column;
    for (let slot = entries.length; slot < width; slot++) write(arrays, row, slot, UNKNOWN);
    arrays.bagWeights.fill(0, at, at + width);
    entries.forEach((each, i) => {
      write(arrays, row, i, codeOf(each));
      arrays.bagWeights[at + i] = weightOf(i, entries.length);
    });
    return all.length;
  };
}

/** The encoder of a list of numbers, in the slots of its sequence. Padding and missing numbers are 0. */
function numbersEncoder(
  { name, column, width }: FeaturePlace,
  separator: string,
  feature: NumericFeature,
  layout: Layout,
): ValueEncoder {
  return (value, { bagNumbers }, row) => {
    const all = numbersOf(name, value, separator);
    const at = row * layout.numberSlots + column;
    bagNumbers.fill(0, at, at + width);
    all.slice(-width).forEach((number, i) => {
      if (!Number.isNaN(number)) bagNumbers[at + i] = standardize(name, feature, number);
    });
    return all.length;
  };
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

/** Gives the code of a value: that of a missing or unknown value, or 2 + its bucket or its place in the vocabulary. */
function codeEncoder({ values }: FeatureTable): (value: string | null) => number {
  if (values.kind === 'hashed') {
    return (value) => (value === null ? MISSING : FIRST_CODE + (hashOf(value) % values.buckets));
  }
  const index = new ShardedMap<number>();
  values.vocabulary.forEach((value, i) => index.set(value, i + FIRST_CODE));
  return (value) => (value === null ? MISSING : (index.get(value) ?? UNKNOWN));
}

/**
 * Writes the rows of a code into a slot of a feature. The slots of a single id are its vectors, with rows of their own.
 *
 * @example rowWriter(place, layout)(batch, 0, 0, FIRST_CODE); // the first row has the first entry of the vocabulary
 */
export function rowWriter(
  { part, column, offset, table, quotientColumn = 0 }: FeaturePlace,
  layout: Layout,
): (arrays: FeatureArrays, row: number, slot: number, code: number) => void {
  const columns = BATCH_PARTS[part].width(layout);
  const { values } = table!;
  const stride = part === 'ids' ? vocabularySize(values) : 0;
  if (!isComposed(values)) {
    return (arrays, row, slot, code) => (arrays[part][row * columns + column + slot] = offset + slot * stride + code);
  }
  return (arrays, row, slot, code) => {
    const [remainder, quotient] = composedRows(values, code);
    const from = offset + slot * stride;
    arrays[part][row * columns + column + slot] = from + remainder;
    arrays.quotientIds[row * layout.quotients + quotientColumn + slot] = from + quotient;
  };
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

/** The entries of a list, including missing ones. */
function entriesOf(name: string, value: unknown, separator: string): readonly unknown[] {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value.split(separator).map((each) => each.trim());
  return wrong(name, `a list, or a string of values between "${separator}"`, JSON.stringify(value));
}

/**
 * Reads a list of numbers, or a text of numbers between separators.
 *
 * @param name the feature, for messages
 * @returns the numbers; NaN where an entry is missing
 * @throws PolytaskError for an entry that is no number
 * @example numbersOf('history_days', '3||1', '|') // [3, NaN, 1]
 */
export const numbersOf = (name: string, value: unknown, separator: string): number[] =>
  entriesOf(name, value, separator).map((each) => {
    if (typeof each !== 'string' || each === '') return numberOf(name, each);
    const number = parseNumber(each);
    return Number.isNaN(number) ? wrong(name, 'a number in each entry', JSON.stringify(each)) : number;
  });

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
  const encoders = layout.places.map((place) => ({
    name: place.name,
    encode: valueEncoder(place, layout),
    ...(place.feature.kind === 'side-column' && { of: place.feature.of }),
  }));
  return (rows, onFault = refuse) => {
    if (!Array.isArray(rows))
      fail({ expected: 'a list of rows', received: shown(rows), mend: 'Pass [{ age: 41, occupation: null }].' });
    const batch = emptyBatch(rows.length, layout);
    (rows as readonly Row[]).forEach((row, r) => {
      if (typeof row !== 'object' || row === null) {
        onFault({ row: r, error: noRow(row) });
        return;
      }
      const attempt = (feature: string, check: () => void) => {
        try {
          check();
        } catch (error) {
          if (!(error instanceof PolytaskError)) throw error;
          onFault({ row: r, feature, error });
        }
      };
      const lengths = new Map<string, number>(); // of the features that fit
      for (const { name, encode } of encoders) {
        attempt(name, () => {
          if (!(name in row)) absent(name, row);
          lengths.set(name, encode(row[name], batch, r));
        });
      }
      for (const { name, of } of encoders) {
        if (of === undefined || !lengths.has(name) || !lengths.has(of)) continue;
        attempt(name, () => checkLength(name, lengths.get(name)!, of, lengths.get(of)!));
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

/**
 * Checks that a side column has an entry for each entry of its sequence.
 *
 * @param where the place of the row, for the message
 * @throws PolytaskError when the lengths differ
 * @example checkLength('history_days', 3, 'history', 3, 'views.csv, line 2')
 */
export function checkLength(name: string, length: number, sequence: string, expected: number, where?: string): void {
  if (length === expected) return;
  fail({
    expected: `${expected} entries in "${name}"${where === undefined ? '' : ` in ${where}`}, as many as in "${sequence}"`,
    received: String(length),
    mend: 'Give each entry of the sequence one value there; an empty one where it is missing.',
  });
}

function absent(name: string, row: Row): never {
  return fail({
    expected: `a value for feature "${name}"`,
    received: `a row with ${Object.keys(row).length} keys`,
    mend: `${suggestion(name, Object.keys(row))} Pass null where a value is missing.`,
  });
}

import { fail, isObject, PolytaskError, shown, suggestion } from '@polytask/components';
import { emptyBatch, type Batch } from './batch.ts';
import { composedRows, isComposed, MISSING, UNKNOWN, vocabularySize, composedCode } from './codes.ts';
import type { EntryNumbersForm, IdsForm } from './feature-form.ts';
import {
  BATCH_PARTS,
  type FeatureArrays,
  type FeaturePosition,
  type Layout,
  layoutOf,
  type IndexPart,
} from './layout.ts';
import { poolingForm } from './pooling.ts';
import { standardize, checkLength, textOf, unscaled } from './values.ts';
import type { Row, Schema } from './schema.ts';

/** Writes the value of one feature into row `row` of the arrays. Returns the number of entries of the value. */
export type ValueEncoder = (value: unknown, arrays: FeatureArrays, row: number) => number;

/**
 * The encoder of one feature, which holds an index of the vocabulary: create it once for all rows. It throws a PolytaskError when a value
 * doesn't fit the feature.
 */
export function valueEncoder(place: FeaturePosition, layout: Layout): ValueEncoder {
  const { name, form, column, width } = place;
  switch (form.type) {
    case 'numbers': {
      const encodeValue = place.values && valueEncoder(place.values, layout);
      return (value, arrays, row) => {
        form.write(value, arrays.numeric, row * layout.numeric + column, name);
        encodeValue?.(value, arrays, row);
        return width;
      };
    }
    case 'id': {
      const codeOf = codeEncoder(place);
      const write = rowWriter(place, layout);
      const { textOf: text = textOf } = form;
      return (value, arrays, row) => {
        const code = codeOf(text(value, name));
        for (let vector = 0; vector < width; vector++) write(arrays, row, vector, code);
        return 1;
      };
    }
    case 'ids':
      return idsEncoder(place, form, layout);
    case 'entry-numbers':
      return numbersEncoder(place, form, layout);
  }
}

function idsEncoder(place: FeaturePosition, form: IdsForm, layout: Layout): ValueEncoder {
  const { name, column, width, pooling, sequence } = place;
  const codeOf = codeEncoder(place);
  const write = rowWriter(place, layout);
  const weightOf = poolingForm(pooling!).weights.of;
  const keepsLast = form.ordered || sequence !== undefined;
  return (value, arrays, row) => {
    const all = form.entries(value, name);
    const entries = keepsLast ? all.slice(-width) : all.slice(0, width);
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

function numbersEncoder(
  { name, column, width }: FeaturePosition,
  { entries, scale }: EntryNumbersForm,
  layout: Layout,
): ValueEncoder {
  return (value, { bagNumbers }, row) => {
    const all = entries(value, name);
    const at = row * layout.numberSlots + column;
    bagNumbers.fill(0, at, at + width);
    all.slice(-width).forEach((number, i) => {
      if (!Number.isNaN(number)) bagNumbers[at + i] = standardize(name, scale, number);
    });
    return all.length;
  };
}

function codeEncoder({ table }: FeaturePosition): (text: string | null) => number {
  const encode = table!.codes.encoder();
  return (text) => (text === null ? MISSING : encode(text));
}

/** Writes the rows of a code into a slot of a feature. The slots of a single id are its vectors, with rows of their own. */
export function rowWriter(
  { part, column, offset, table, quotientColumn = 0 }: FeaturePosition,
  layout: Layout,
): (arrays: FeatureArrays, row: number, slot: number, code: number) => void {
  const columns = BATCH_PARTS[part].width(layout);
  const { codes } = table!;
  const stride = part === 'ids' ? vocabularySize(codes) : 0;
  if (!isComposed(codes)) {
    return (arrays, row, slot, code) => (arrays[part][row * columns + column + slot] = offset + slot * stride + code);
  }
  return (arrays, row, slot, code) => {
    const [remainder, quotient] = composedRows(codes, code);
    const from = offset + slot * stride;
    arrays[part][row * columns + column + slot] = from + remainder;
    arrays.quotientIds[row * layout.quotients + quotientColumn + slot] = from + quotient;
  };
}

export interface RowFault {
  readonly row: number;
  /** The feature whose value is absent or doesn't fit. Undefined for a row that is no object. */
  readonly feature: string | undefined;
  readonly error: PolytaskError;
}

/** Encodes rows. `onFault` receives each fault, but those of features whose sources have one; by default the first is thrown. */
export type RowEncoder = (rows: readonly Row[], onFault?: (fault: RowFault) => void) => Batch;

/**
 * Creates an encoder of rows, with the encoding of the training table. Create it once per schema.
 *
 * @throws PolytaskError in the encoder, when a feature is absent or a value doesn't fit. With `onFault` it goes on after a fault; don't predict
 * its batch then
 * @example rowEncoder(model.schema)([{ age: 41, occupation: 'Sales' }])
 */
export function rowEncoder(schema: Pick<Schema, 'features'>, layout = layoutOf(schema)): RowEncoder {
  const encoders = layout.places.map((place) => ({ ...place, encode: valueEncoder(place, layout) }));
  encoders.sort(({ form: a }, { form: b }) => Number(!!a.reads) - Number(!!b.reads)); // a feature comes after those that it reads
  return (rows, onFault = refuse) => {
    if (!Array.isArray(rows)) noRow('a list of rows', rows);
    const batch = emptyBatch(rows.length, layout);
    (rows as readonly Row[]).forEach((row, r) => {
      const wrong = new Set<string | undefined>(); // the features that don't fit; undefined if the row doesn't
      const attempt = (feature: string | undefined, check: () => void) => {
        try {
          check();
        } catch (error) {
          if (!(error instanceof PolytaskError)) throw error;
          wrong.add(feature);
          onFault({ row: r, feature, error });
        }
      };
      attempt(undefined, () => isObject(row) || noRow('an object with a key for each feature', row));
      if (wrong.size > 0) return;
      const lengths = new Map<string, number>();
      let keys: string[] | undefined; // a stranger's row may have many
      const valueOf = (key: string) => (key in row ? row[key] : absent(key, (keys ??= Object.keys(row))));
      for (const { name, form, encode } of encoders) {
        const { reads } = form;
        if (reads?.some((each) => wrong.has(each))) continue; // the fault is theirs
        attempt(name, () => lengths.set(name, encode(reads ? reads.map(valueOf) : valueOf(name), batch, r)));
      }
      for (const { name, sequence } of encoders) {
        if (sequence === undefined || wrong.has(name) || wrong.has(sequence)) continue;
        attempt(name, () => checkLength(name, lengths.get(name)!, sequence, lengths.get(sequence)!));
      }
    });
    return batch;
  };
}

const noRow = (expected: string, received: unknown): never =>
  fail({ expected, received: shown(received), fix: 'Pass [{ age: 41, occupation: null }].' });

function refuse({ row, error }: RowFault): never {
  throw Object.assign(error, { message: `Row ${row}: ${error.message}` });
}

function absent(name: string, keys: readonly string[]): never {
  return fail({
    expected: `a value for feature "${name}"`,
    received: `a row with ${keys.length} keys`,
    fix: `${suggestion(name, keys)} Pass null where a value is missing.`,
  });
}

/** A column of decoded rows. A vector has several columns, each other feature has one. */
export interface FeatureColumn {
  readonly name: string;
  readonly kind: 'number' | 'text';
  /** One number or text for each row, as `kind` says; null where the value is missing. */
  readonly values: (number | string | null)[];
}

/** The text of a value that is in no vocabulary. It is in none itself, so that it is encoded as it was. */
const OTHER = '(other)';

/**
 * Decodes the features of encoded rows: the inverse of {@link rowEncoder}, up to what an encoding forgets. One standardized number is a number,
 * other numbers `x` are columns `x[0]`, `x[1]`, …, one id is a text, and a list is a text with the feature's separator. Values outside a
 * vocabulary are `(other)`, hashed values are the numbers of their buckets, and a missing number without an indicator is the mean.
 *
 * @example decodeFeatures(rowEncoder(schema)([{ age: 41 }]), schema) // [{ name: 'age', kind: 'number', values: [41] }]
 */
export function decodeFeatures(batch: Batch, schema: Pick<Schema, 'features'>): FeatureColumn[] {
  const layout = layoutOf(schema);
  return layout.places.flatMap((place) => columnsOf(place, layout, batch));
}

function columnsOf(place: FeaturePosition, layout: Layout, batch: Batch): FeatureColumn[] {
  const { name, form, column, width } = place;
  const perRow = <V>(value: (row: number) => V) => Array.from({ length: batch.size }, (_, row) => value(row));
  const perEntry = <V>(list: FeaturePosition, separator: string, value: (row: number, slot: number) => V | null) =>
    perRow((row) =>
      Array.from({ length: lengthOf(list, layout, batch, row) }, (_, slot) => value(row, slot) ?? '').join(separator),
    );
  switch (form.type) {
    case 'numbers': {
      const { scale } = form;
      const at = (row: number, i: number) => batch.numeric[row * layout.numeric + column + i]!;
      if (!scale) {
        return Array.from({ length: width }, (_, i) => ({
          name: `${name}[${i}]`,
          kind: 'number',
          values: perRow((row) => at(row, i)),
        }));
      }
      const values = perRow((row) => (scale.indicator && at(row, 1) === 1 ? null : unscaled(scale, at(row, 0))));
      return [{ name, kind: 'number', values }];
    }
    case 'id':
      return [{ name, kind: 'text', values: perRow((row) => textAt(place, layout, batch, row)) }];
    case 'ids': {
      const values = perEntry(place, form.separator, (row, slot) => textAt(place, layout, batch, row, slot));
      return [{ name, kind: 'text', values }];
    }
    case 'entry-numbers': {
      const sequence = layout.places.find((each) => each.name === form.of)!;
      const values = perEntry(sequence, form.separator, (row, slot) =>
        unscaled(form.scale, batch.bagNumbers[row * layout.numberSlots + column + slot]!),
      );
      return [{ name, kind: 'text', values }];
    }
  }
}

function lengthOf({ column, width }: FeaturePosition, layout: Layout, { bagWeights }: Batch, row: number): number {
  const from = row * layout.slots + column;
  return bagWeights.subarray(from, from + width).findLastIndex((weight) => weight !== 0) + 1;
}

function textAt(place: FeaturePosition, layout: Layout, batch: Batch, row: number, slot = 0): string | null {
  const { part, column, offset, table, quotientColumn = 0 } = place;
  const { codes } = table!;
  const id = batch[part as IndexPart][row * BATCH_PARTS[part].width(layout) + column + slot]! - offset;
  const code = isComposed(codes)
    ? composedCode(codes, [id, batch.quotientIds[row * layout.quotients + quotientColumn + slot]! - offset])
    : id;
  if (code === MISSING) return null;
  return code === UNKNOWN ? OTHER : codes.textOf(code);
}

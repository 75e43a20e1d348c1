import type { HostTensor, TensorSpec } from '@polytask/compile';
import {
  layoutOf,
  rowEncoder,
  checkFeatures,
  FIRST_CODE,
  firstQuotientRow,
  isComposed,
  formOf,
  MISSING,
  poolingForm,
  vocabularySize,
  idPlaces,
  remaindersOf,
  type Batch,
  type BatchPart,
  type EntryNumbersForm,
  type FeatureForm,
  type FeaturePosition,
  type FeatureTensors,
  type Layout,
  type Row,
  type Schema,
} from '@polytask/core';
import { scaledNumber } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { encodeNumbers, encodeSideNumbers, joined } from './encode-numbers.ts';

// The inputs of an exported file for each kind of feature: their shapes, their values for rows, and their encoding in the graph.

type Inputs = Readonly<Record<string, tf.Tensor>>;

export const inputSpecs = (layout: Layout, batch: number): Record<string, Required<TensorSpec>> =>
  Object.fromEntries(layout.places.map((place) => [place.name, specOf(place, batch)]));

function specOf({ form, part, width }: FeaturePosition, batch: number): Required<TensorSpec> {
  const isSingle = isRaw(form) || part === 'ids';
  const isId = part === 'ids' || part === 'bagIds';
  return { shape: isSingle ? [batch] : [batch, width], dtype: isId ? 'int32' : 'float32' };
}

/** The input of a feature from these rows and their batch: raw numbers, NaN where a number is missing, or codes. */
function inputOf(place: FeaturePosition, batch: Batch, rows: readonly Row[]): HostTensor {
  const { shape, dtype: type } = specOf(place, rows.length);
  const [, width = 1] = shape;
  const valueAt = valueReader(place, batch, rows);
  const values = { length: rows.length * width };
  const value = (_: unknown, i: number) => valueAt(Math.floor(i / width), i % width);
  const data = type === 'int32' ? Int32Array.from(values, value) : Float32Array.from(values, value);
  return { type, shape, data } as HostTensor;
}

function valueReader(
  { name, form, part, column, width, offset }: FeaturePosition,
  batch: Batch,
  rows: readonly Row[],
): (row: number, slot: number) => number {
  const read = (part: BatchPart) => {
    const columns = batch[part].length / rows.length;
    return (row: number, slot: number) => batch[part][row * columns + column + slot]!;
  };
  switch (part) {
    case 'numeric': {
      const number = read('numeric');
      return isRaw(form) ? (row) => (number(row, 1) === 1 ? NaN : number(row, 0)) : number;
    }
    case 'ids': {
      const id = read('ids');
      return (row, slot) => id(row, slot) - offset;
    }
    case 'bagIds': {
      const [id, weight] = [read('bagIds'), read('bagWeights')];
      return (row, slot) => (weight(row, slot) === 0 ? -1 : id(row, slot) - offset);
    }
    case 'bagNumbers': {
      const { entries, reads } = form as EntryNumbersForm;
      const lists = rows.map((row) => entries(reads ? reads.map((each) => row[each]) : row[name], name).slice(-width));
      return (row, slot) => lists[row]![slot] ?? NaN;
    }
  }
}

export const encodeFeatures = (layout: Layout, inputs: Inputs, batch: number): FeatureTensors => ({
  numeric: encodeNumbers(layout, inputs, batch),
  ids: encodeFields(layout, inputs, batch),
  ...encodeBags(layout, inputs, batch),
  bagNumbers: encodeSideNumbers(layout, inputs, batch),
  quotientIds: encodeQuotients(layout, inputs, batch),
});

const integers = (numbers: number | readonly number[]): tf.Tensor => tf.tensor(numbers as number[], undefined, 'int32');

/** Codes as rows of the common table, [batch, layout.fields]. A code that the field doesn't have counts as unknown. */
function encodeFields({ places }: Layout, inputs: Inputs, batch: number): tf.Tensor2D {
  const fields = idPlaces({ places }).flatMap(eachVector);
  if (fields.length === 0) return tf.zeros([batch, 0], 'int32');
  const codes = fields.map(({ name, table }) => {
    const x = inputs[name]!;
    return x.dtype === 'int32' ? x : codesOfValues(x, table!.codes.known!.map(Number));
  });
  return rowsOfTable(tf.stack(codes, 1) as tf.Tensor2D, fields);
}

/** The codes of numbers, of which some have codes. @param x [batch], NaN where a number is missing */
function codesOfValues(x: tf.Tensor, values: readonly number[]): tf.Tensor {
  const equal = tf.cast(tf.equal(tf.expandDims(x, 1), tf.tensor(values as number[], [1, values.length])), 'float32');
  const codes = tf.tensor(
    values.map((_, i) => FIRST_CODE + i),
    [1, values.length],
  );
  const missing = tf.mul(tf.cast(tf.isNaN(x), 'float32'), MISSING);
  return tf.cast(tf.add(tf.sum(tf.mul(equal, codes), 1), missing), 'int32');
}

/** The vectors of a feature with one id, as features with one vector each. Other features stay as they are. */
const eachVector = (place: FeaturePosition): FeaturePosition[] =>
  place.part === 'ids'
    ? Array.from({ length: place.width }, (_, vector) => ({
        ...place,
        width: 1,
        offset: place.offset + vector * vocabularySize(place.table!.codes),
      }))
    : [place];

/** The rows of the quotients of composed features, [batch, layout.quotients] int32. */
function encodeQuotients({ places }: Layout, inputs: Inputs, batch: number): tf.Tensor2D {
  const rows = places.flatMap(eachVector).flatMap((place) => {
    const { offset, table, width, name } = place;
    if (!table || !isComposed(table.codes)) return [];
    const codes = knownCodes(tf.reshape(inputs[name]!, [-1, width]), [place]);
    return tf.add(quotientsOf(codes, [place]), integers(offset + firstQuotientRow(table.codes))) as tf.Tensor2D;
  });
  return joined(rows, batch, 'int32');
}

/** The codes of lists, −1 in empty slots, as rows of the table and pooling weights, [batch, layout.slots] each. */
function encodeBags({ places }: Layout, inputs: Inputs, batch: number): Pick<FeatureTensors, 'bagIds' | 'bagWeights'> {
  const bags = places.filter(({ part }) => part === 'bagIds');
  const codesOf = ({ name }: FeaturePosition) => inputs[name] as tf.Tensor2D;
  const ids = bags.map((place) => rowsOfTable(codesOf(place), [place]));
  const weights = bags.map((place) => {
    const filled = tf.cast(tf.greaterEqual(codesOf(place), integers(0)), 'float32') as tf.Tensor2D;
    return poolingForm(place.pooling!).weights.graph(filled, tf);
  });
  return { bagIds: joined(ids, batch, 'int32'), bagWeights: joined(weights, batch) };
}

/** The rows of codes [batch, columns], for composed features those of the remainders. @param places of each column, or one of all */
function rowsOfTable(codes: tf.Tensor2D, places: readonly FeaturePosition[]): tf.Tensor2D {
  const known = knownCodes(codes, places);
  const rows = places.some(({ quotientColumn }) => quotientColumn !== undefined) ? remaindersIn(known, places) : known;
  return tf.add(
    rows,
    perColumn(places, ({ offset }) => offset),
  );
}

/** The codes, and that of unknown values in place of codes that the feature doesn't have. */
function knownCodes(codes: tf.Tensor2D, places: readonly FeaturePosition[]): tf.Tensor2D {
  const counts = perColumn(places, ({ table }) => table!.codes.count);
  const exists = tf.logicalAnd(tf.greaterEqual(codes, integers(0)), tf.less(codes, counts));
  return tf.mul(codes, tf.cast(exists, 'int32'));
}

/** 1 + b div m for bucket b and m remainders; 0 for reserved codes. */
function quotientsOf(codes: tf.Tensor2D, places: readonly FeaturePosition[]): tf.Tensor2D {
  const remainders = perColumn(places, stepOf);
  return tf.floorDiv(tf.add(codes, tf.sub(remainders, integers(FIRST_CODE))), remainders);
}

/** 2 + b mod m for bucket b and m remainders, and reserved codes as they are. */
function remaindersIn(codes: tf.Tensor2D, places: readonly FeaturePosition[]): tf.Tensor2D {
  const whole = tf.maximum(tf.sub(quotientsOf(codes, places), integers(1)), integers(0));
  return tf.sub(codes, tf.mul(whole, perColumn(places, stepOf)));
}

/** The remainders of a composed feature. Of another one a number above its buckets, so that each bucket is its own remainder. */
const stepOf = ({ table }: FeaturePosition): number =>
  isComposed(table!.codes) ? remaindersOf(table!.codes) : table!.codes.count;

const perColumn = (places: readonly FeaturePosition[], numberOf: (place: FeaturePosition) => number): tf.Tensor =>
  integers(places.length === 1 ? numberOf(places[0]!) : places.map(numberOf));

/**
 * Encodes rows as the inputs of a file from `exportOnnx`: raw numbers, and codes of categories. You need only the schema,
 * which the file contains, and not the model.
 *
 * @returns arrays of `rows.length` rows with their shapes, by feature
 * @throws PolytaskError that names the row and the feature, when a value doesn't fit the schema
 * @throws PolytaskError when the schema was damaged
 * @example
 * const feeds = Object.entries(encodeForOnnx(model.schema, rows)).map(([name, { type, data, shape }]) =>
 *   [name, new ort.Tensor(type, data, shape)]);
 * const { click } = await session.run(Object.fromEntries(feeds));
 */
export function encodeForOnnx(schema: Pick<Schema, 'features'>, rows: readonly Row[]): Record<string, HostTensor> {
  checkFeatures((schema as Partial<Schema> | null)?.features, 'the schema of encodeForOnnx');
  const layout = layoutOf(schema, (...feature) => asInput(formOf(...feature)));
  const batch = rowEncoder(schema, layout)(rows);
  return Object.fromEntries(layout.places.map((place) => [place.name, inputOf(place, batch, rows)]));
}

/** The form without what a file does itself: encoding numbers, pooling, and composing vectors. An indicator shows missing numbers. */
function asInput(form: FeatureForm): FeatureForm {
  if (isRaw(form)) {
    const scale = { mean: 0, deviation: 1, indicator: true };
    return { type: 'numbers', width: 2, scale, write: scaledNumber(scale) };
  }
  if (!('codes' in form)) return form;
  const codes = 'with' in form.codes ? form.codes : { ...form.codes, vectors: 1, quotients: undefined };
  return form.type === 'ids' && form.of === undefined ? { ...form, codes, pooling: 'mean' } : { ...form, codes };
}

/** Whether the input is one raw number, which the file encodes. */
const isRaw = (form: FeatureForm): boolean => form.type === 'numbers' && (form.scale ?? form.graph) !== undefined;

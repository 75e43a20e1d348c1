import type { HostTensor, TensorSpec } from '@polytask/compile';
import {
  layoutOf,
  rowEncoder,
  vocabularySize,
  type Batch,
  type BatchPart,
  type Feature,
  type FeaturePlace,
  type FeatureTensors,
  type Layout,
  type MultiValuedFeature,
  type Row,
  type Schema,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { encodeNumbers } from './encode-numbers.ts';

// The inputs of an exported file for each kind of feature: their shapes, their values for rows, and their encoding in the graph.

type Inputs = Readonly<Record<string, tf.Tensor>>;

/** The shapes and types of a file's inputs, by feature. */
export const inputSpecs = (layout: Layout, batch: number): Record<string, Required<TensorSpec>> =>
  Object.fromEntries(layout.places.map((place) => [place.name, specOf(place, batch)]));

function specOf({ feature, width }: FeaturePlace, batch: number): Required<TensorSpec> {
  switch (feature.kind) {
    case 'numeric':
      return { shape: [batch], dtype: 'float32' };
    case 'vector':
      return { shape: [batch, width], dtype: 'float32' };
    case 'categorical':
    case 'hashed':
      return { shape: [batch], dtype: 'int32' };
    case 'multi-valued':
      return { shape: [batch, width], dtype: 'int32' };
  }
}

/** The input of a feature from a batch: raw numbers, NaN where a number is missing, or codes. */
function inputOf({ feature, column, width, offset }: FeaturePlace, batch: Batch): HostTensor {
  const rows = batch.size;
  const read = (part: BatchPart) => {
    const columns = batch[part].length / rows;
    return (row: number, i = 0) => batch[part][row * columns + column + i]!;
  };
  switch (feature.kind) {
    case 'numeric': {
      const number = read('numeric');
      return {
        type: 'float32',
        shape: [rows],
        data: Float32Array.from({ length: rows }, (_, row) => (number(row, 1) === 1 ? NaN : number(row))),
      };
    }
    case 'vector': {
      const number = read('numeric');
      const data = Float32Array.from({ length: rows * width }, (_, i) => number(Math.floor(i / width), i % width));
      return { type: 'float32', shape: [rows, width], data };
    }
    case 'categorical':
    case 'hashed': {
      const id = read('ids');
      return { type: 'int32', shape: [rows], data: Int32Array.from({ length: rows }, (_, row) => id(row) - offset) };
    }
    case 'multi-valued': {
      const [id, weight] = [read('bagIds'), read('bagWeights')];
      const code = (row: number, slot: number) => (weight(row, slot) === 0 ? -1 : id(row, slot) - offset);
      const data = Int32Array.from({ length: rows * width }, (_, i) => code(Math.floor(i / width), i % width));
      return { type: 'int32', shape: [rows, width], data };
    }
  }
}

/** Encodes the inputs of a file as the parts of a batch, in the graph. */
export const encodeFeatures = (layout: Layout, inputs: Inputs, batch: number): FeatureTensors => ({
  numeric: encodeNumbers(layout, inputs, batch),
  ids: encodeFields(layout, inputs, batch),
  ...encodeBags(layout, inputs, batch),
});

const integers = (numbers: number | readonly number[]): tf.Tensor => tf.tensor(numbers as number[], undefined, 'int32');

/**
 * Turns each field's codes into rows of the model's common table. A code outside of the field's vocabulary counts as unknown,
 * so no field reads the rows of another field.
 *
 * @returns [batch, layout.fields] int32
 */
function encodeFields({ places }: Layout, inputs: Inputs, batch: number): tf.Tensor2D {
  const fields = places.filter(({ feature }) => feature.kind === 'categorical' || feature.kind === 'hashed');
  if (fields.length === 0) return tf.zeros([batch, 0], 'int32');
  const inputsOfFields = fields.map(({ name }) => inputs[name]!);
  const codes = tf.stack(inputsOfFields, 1) as tf.Tensor2D;
  return rowsOfTable(codes, integers(fields.map(sizeOf)), integers(fields.map(({ offset }) => offset)));
}

/**
 * Turns the codes of multi-valued features, −1 in empty slots, into rows of the table and pooling weights.
 *
 * @returns [batch, layout.slots] each
 */
function encodeBags({ places }: Layout, inputs: Inputs, batch: number): Pick<FeatureTensors, 'bagIds' | 'bagWeights'> {
  const bags = places.filter(({ feature }) => feature.kind === 'multi-valued');
  if (bags.length === 0) return { bagIds: tf.zeros([batch, 0], 'int32'), bagWeights: tf.zeros([batch, 0]) };
  const encoded = bags.map((place) => {
    const codes = inputs[place.name] as tf.Tensor2D;
    const filled = tf.cast(tf.greaterEqual(codes, integers(0)), 'float32');
    const isMean = (place.feature as MultiValuedFeature).pooling === 'mean';
    const weights = isMean ? tf.div(filled, tf.maximum(tf.sum(filled, 1, true), 1)) : filled;
    return {
      ids: rowsOfTable(codes, integers(sizeOf(place)), integers(place.offset)),
      weights: weights as tf.Tensor2D,
    };
  });
  const [ids, weights] = [encoded.map((bag) => bag.ids), encoded.map((bag) => bag.weights)];
  return { bagIds: tf.concat(ids, 1), bagWeights: tf.concat(weights, 1) };
}

function rowsOfTable(codes: tf.Tensor2D, sizes: tf.Tensor, offsets: tf.Tensor): tf.Tensor2D {
  const exists = tf.logicalAnd(tf.greaterEqual(codes, integers(0)), tf.less(codes, sizes));
  return tf.add(tf.mul(codes, tf.cast(exists, 'int32')), offsets);
}

function sizeOf({ feature }: FeaturePlace): number {
  const values = feature.kind === 'multi-valued' ? feature.values : feature;
  return vocabularySize(values as Parameters<typeof vocabularySize>[0]);
}

/**
 * Encodes rows as the inputs of a file from `exportOnnx`: raw numbers, and codes of categories. You need only the schema,
 * which the file contains, and not the model.
 *
 * @returns arrays of `rows.length` rows with their shapes, by feature
 * @throws PolytaskError that names the row and the feature, when a value doesn't fit the schema
 * @example
 * const feeds = Object.entries(encodeForOnnx(model.schema, rows)).map(([name, { type, data, shape }]) =>
 *   [name, new ort.Tensor(type, data, shape)]);
 * const { click } = await session.run(Object.fromEntries(feeds));
 */
export function encodeForOnnx(schema: Pick<Schema, 'features'>, rows: readonly Row[]): Record<string, HostTensor> {
  const features = Object.fromEntries(
    Object.entries(schema.features).map(([name, feature]) => [name, withRawNumbers(feature)]),
  );
  const layout = layoutOf({ features });
  const batch = rowEncoder({ features })(rows);
  return Object.fromEntries(layout.places.map((place) => [place.name, inputOf(place, batch)]));
}

/** Switches off the standardization of a numeric feature. An indicator shows where its number is missing. */
const withRawNumbers = (feature: Feature): Feature =>
  feature.kind === 'numeric' ? { kind: 'numeric', mean: 0, deviation: 1, indicator: true } : feature;

import {
  vocabularySize,
  type FeaturePlace,
  type FeatureTensors,
  type Layout,
  type MultiValuedFeature,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

type Inputs = Readonly<Record<string, tf.Tensor>>;

const whole = (numbers: number | readonly number[]): tf.Tensor => tf.tensor(numbers as number[], undefined, 'int32');

/**
 * Codes of categories, each field's own → rows of the model's one table. A code that the field doesn't have counts as
 * unknown, so that no field reads another's rows.
 *
 * @returns [batch, layout.fields] int32
 */
export function encodeFields({ places }: Layout, inputs: Inputs, batch: number): tf.Tensor2D {
  const fields = places.filter(({ feature }) => feature.kind === 'categorical' || feature.kind === 'hashed');
  if (fields.length === 0) return tf.zeros([batch, 0], 'int32');
  const codes = tf.stack(
    fields.map(({ name }) => inputs[name]!),
    1,
  ) as tf.Tensor2D;
  return rowsOfTable(codes, whole(fields.map(sizeOf)), whole(fields.map(({ offset }) => offset)));
}

/**
 * Codes of several categories a cell, −1 in empty slots → rows of the table, and the weights by which they are pooled.
 *
 * @returns [batch, layout.slots] each
 */
export function encodeBags(
  { places }: Layout,
  inputs: Inputs,
  batch: number,
): Pick<FeatureTensors, 'bagIds' | 'bagWeights'> {
  const bags = places.filter(({ feature }) => feature.kind === 'multi-valued');
  if (bags.length === 0) return { bagIds: tf.zeros([batch, 0], 'int32'), bagWeights: tf.zeros([batch, 0]) };
  const encoded = bags.map((place) => {
    const codes = inputs[place.name] as tf.Tensor2D;
    const filled = tf.cast(tf.greaterEqual(codes, whole(0)), 'float32');
    const isMean = (place.feature as MultiValuedFeature).pooling === 'mean';
    const weights = isMean ? tf.div(filled, tf.maximum(tf.sum(filled, 1, true), 1)) : filled;
    return { ids: rowsOfTable(codes, whole(sizeOf(place)), whole(place.offset)), weights: weights as tf.Tensor2D };
  });
  return {
    bagIds: tf.concat(
      encoded.map(({ ids }) => ids),
      1,
    ),
    bagWeights: tf.concat(
      encoded.map(({ weights }) => weights),
      1,
    ),
  };
}

function rowsOfTable(codes: tf.Tensor2D, sizes: tf.Tensor, offsets: tf.Tensor): tf.Tensor2D {
  const exists = tf.logicalAnd(tf.greaterEqual(codes, whole(0)), tf.less(codes, sizes));
  return tf.add(tf.mul(codes, tf.cast(exists, 'int32')), offsets);
}

function sizeOf({ feature }: FeaturePlace): number {
  const values = feature.kind === 'multi-valued' ? feature.values : feature;
  return vocabularySize(values as Parameters<typeof vocabularySize>[0]);
}

import * as tf from '@tensorflow/tfjs-core';
import type { Initializer } from '../parameters/initializers.ts';
import { firstQuotientRow, isComposed, vectorsOf, vocabularySize } from '../features/codes.ts';
import type { FeaturePlace, Layout } from '../features/layout.ts';
import { slotsOf } from './pooled-numbers.ts';

/**
 * Multiplies the vectors of composed features by those of their quotients: R[b mod m] ⊙ Q[b div m].
 *
 * @param vectors [batch, columns, dimension], of all features of a part of the batch
 * @param quotients [batch, layout.quotients, dimension]
 * @param places the features of the part, in order
 */
export function composeVectors(
  vectors: tf.Tensor3D,
  quotients: tf.Tensor3D | undefined,
  places: readonly FeaturePlace[],
): tf.Tensor3D {
  if (!quotients || places.every(({ quotientColumn }) => quotientColumn === undefined)) return vectors;
  const composed = places.map((place): tf.Tensor3D => {
    const { quotientColumn: column, width } = place;
    const own = slotsOf(vectors, place);
    return column === undefined ? own : tf.mul(own, slotsOf(quotients, { column, width }));
  });
  return composed.length === 1 ? composed[0]! : tf.concat(composed, 1);
}

/**
 * Starts the rows of quotients at 1. So a vector starts as that of its remainder, with the size of other vectors. The product of
 * two small rows would be much smaller.
 *
 * @param init draws the other rows
 */
export const quotientsAtOne =
  (init: Initializer, { places }: Layout): Initializer =>
  (shape, ...rest) => {
    const values = init(shape, ...rest);
    const dimension = shape[1]!;
    for (const { table } of places) {
      if (!table || !isComposed(table.codes)) continue;
      for (let vector = 0; vector < vectorsOf(table.codes); vector++) {
        const from = table.offset + vector * vocabularySize(table.codes) + firstQuotientRow(table.codes);
        values.fill(1, from * dimension, (from + 1 + table.codes.quotients) * dimension);
      }
    }
    return values;
  };

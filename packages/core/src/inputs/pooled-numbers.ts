import * as tf from '@tensorflow/tfjs-core';
import type { FeatureTensors } from '../features/batch-tensors.ts';
import type { FeaturePosition, Layout } from '../features/layout.ts';

/** The columns of one feature: [batch, width of the feature, …] of [batch, width of the part, …]. */
export const slotsOf = <T extends tf.Tensor>(
  part: T,
  { column, width }: Pick<FeaturePosition, 'column' | 'width'>,
): T => {
  const further = part.shape.length - 2;
  const whole = Array<number>(further).fill(-1);
  return tf.slice(part, [0, column, ...whole.map(() => 0)], [-1, width, ...whole]);
};

/**
 * Pools the numbers of side columns: Σ_j w_j x_j, with the weights of the sequence. Padding has weight 0.
 *
 * @param bagWeights [batch, slots]
 * @returns [batch, 1] for each side column of numbers, in the order of the features
 * @example tf.concat([numeric, ...pooledNumbers(layout, features, features.bagWeights)], 1)
 */
export function pooledNumbers(
  { places }: Layout,
  { bagNumbers }: Pick<FeatureTensors, 'bagNumbers'>,
  bagWeights: tf.Tensor2D,
): tf.Tensor2D[] {
  return places.flatMap((place) => {
    if (place.part !== 'bagNumbers') return [];
    const sequence = places.find(({ name }) => name === place.sequence)!;
    return tf.sum(tf.mul(slotsOf(bagNumbers, place), slotsOf(bagWeights, sequence)), 1, true) as tf.Tensor2D;
  });
}

import { resolve } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { FeaturePosition, Layout } from '../features/layout.ts';
import { poolingSpec } from '../features/pooling.ts';
import type { Scope } from '../parameters/scope.ts';
import { slotsOf } from './pooled-numbers.ts';
import type { AttentionOptions, PoolingDefinition } from './pooling.ts';

/** The embeddings of a batch before they are pooled, and their weights. */
export interface UnpooledFeatures {
  /** [batch, fields, dimension]; undefined without fields */
  readonly fields: tf.Tensor3D | undefined;
  /** [batch, slots, dimension] */
  readonly slots: tf.Tensor3D;
  /** [batch, slots] */
  readonly bagWeights: tf.Tensor2D;
  /** [batch, numberSlots] */
  readonly bagNumbers: tf.Tensor2D;
}

/** The poolings of a batch. */
export interface PooledSequences {
  /** The weights of all slots, [batch, slots]. Padding keeps weight 0. */
  readonly weights: tf.Tensor2D;
  /** The vectors of sequences whose pooling computes one, [batch, dimension]. */
  readonly vectors: ReadonlyMap<string, tf.Tensor2D>;
}

/**
 * Builds the poolings of a layout's sequences. Side columns are pooled with the scores of their sequence, or with equal weights if its
 * pooling computes a vector.
 *
 * @param dimension of the embeddings
 * @returns a function that pools; undefined when the weights in the batch are all that poolings need
 */
export function poolSequences(
  scope: Scope,
  layout: Layout,
  dimension: number,
  attention: AttentionOptions | undefined,
): ((features: UnpooledFeatures) => PooledSequences) | undefined {
  const sequences = layout.places.flatMap((place) => {
    if (place.pooling === undefined || place.sequence !== undefined) return [];
    const spec = poolingSpec(place.pooling);
    const { builder, config } = resolve<Partial<PoolingDefinition>>(spec);
    if (!builder.build) return [];
    const sides = layout.places.filter(({ sequence }) => sequence === place.name);
    const width = dimension + sides.reduce((sum, { table }) => sum + (table ? dimension : 1), 0);
    const own = { ...scope.child(spec.name).child(place.name), length: place.width, dimension, width, attention };
    const target = place.form.type === 'ids' ? place.form.target : undefined;
    const candidate = layout.places.find(({ name }) => target !== undefined && name === target);
    return [{ place, sides, candidate, pool: builder.build(own, config) }];
  });
  if (sequences.length === 0) return undefined;
  const pools = layout.places.filter(({ part }) => part === 'bagIds');
  return (features) => {
    const vectors = new Map<string, tf.Tensor2D>();
    const scores = new Map(
      sequences.map(({ place, sides, candidate: of, pool }) => {
        const ids = slotsOf(features.slots, place);
        const filled = slotsOf(features.bagWeights, place);
        const columns = sides.map((side) =>
          side.table
            ? slotsOf(features.slots, side)
            : tf.expandDims<tf.Tensor3D>(slotsOf(features.bagNumbers, side), 2),
        );
        const candidate = of && slotsOf(features.fields!, { column: of.column, width: 1 });
        const entries = columns.length === 0 ? ids : tf.concat([ids, ...columns], 2);
        const sequence = { ids, entries, filled, candidate };
        if ('scores' in pool) return [place.name, pool.scores(sequence)];
        const count = tf.sum(filled, 1, true);
        vectors.set(place.name, tf.mul(pool.vector(sequence), tf.minimum(count, 1)));
        return [place.name, tf.div(1, tf.maximum(count, 1))];
      }),
    );
    const weights = pools.map((place: FeaturePosition) => {
      const score = scores.get(place.sequence ?? place.name);
      const own = slotsOf(features.bagWeights, place);
      return score ? tf.mul(own, score) : own;
    });
    return { weights: tf.concat(weights, 1) as tf.Tensor2D, vectors };
  };
}

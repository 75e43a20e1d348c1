import {
  checkMembersOf,
  define,
  listOf,
  optional,
  wholeNumber,
  type Definition,
  type Factory,
  type FromDescription,
  type Read,
  type Written,
  resolve,
  sum,
} from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { EACH_ONCE, type PoolingForm, poolingSpec } from '../features/pooling.ts';
import { activationName } from '../layers/dense.ts';
import type { Scope } from '../parameters/scope.ts';
import type { FeatureTensors } from '../features/batch-tensors.ts';
import type { FeaturePosition, Layout } from '../features/layout.ts';

export const attentionOptions = {
  /** Widths of the hidden layers. Default [36], as in the paper's figure 2. */
  hidden: optional(listOf(wholeNumber(1))),
  /** The activation of the hidden layers. Default `sigmoid`, as in the authors' code. */
  activation: optional(activationName),
};

export interface AttentionOptions extends Written<typeof attentionOptions>, FromDescription {}

/** The entries of one sequence in a batch. Padding follows the entries of a row. */
export interface SequenceEntries {
  /** The embeddings of the ids, [batch, length, dimension] */
  readonly ids: tf.Tensor3D;
  /** The same with the side columns after them, [batch, length, width] */
  readonly entries: tf.Tensor3D;
  /** 1 for an entry and 0 for padding, [batch, length] */
  readonly filled: tf.Tensor2D;
  /** The candidate's embedding, [batch, 1, dimension]; undefined without a target */
  readonly candidate: tf.Tensor3D | undefined;
}

export interface PoolingBuilder extends Scope {
  readonly length: number;
  readonly dimension: number;
  /** The width of an entry with its side columns. */
  readonly width: number;
  readonly attention: AttentionOptions | undefined;
}

/** A built pooling: the scores of entries, whose embeddings are added up by them, or a vector. */
export type BuiltPooling =
  | {
      /** → [batch, length]. Padding gets weight 0, whatever its score. */
      scores(sequence: SequenceEntries): tf.Tensor2D;
    }
  | {
      /** → [batch, dimension]. An empty history becomes 0, whatever this returns. */
      vector(sequence: SequenceEntries): tf.Tensor;
    };

export interface PoolingDefinition<C = object> extends PoolingForm {
  readonly build: (builder: PoolingBuilder, config: C) => BuiltPooling;
}

export interface DefinePoolingOptions<O extends object> extends Definition<O> {
  /** Whether it reads the candidate. Sequences with it need a `target`. Default false. */
  readonly target?: boolean;
}

/**
 * Defines a pooling: the combination of the entries of a sequence into one vector. `idSequence({ pooling })` takes it by its name or as a
 * spec, and both engines, saved models and ONNX files know it.
 *
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`, and a model when the
 *   built pooling has neither `scores` nor `vector`
 * @example
 * // A smooth maximum: log Σ_j exp(e_j).
 * const largest = definePooling('my-package/largest', () => ({
 *   vector: ({ ids, filled }) => tf.log(tf.maximum(tf.sum(tf.mul(tf.exp(ids), tf.expandDims(filled, 2)), 1), 1e-6)),
 * }));
 */
export const definePooling = <O extends object = Record<never, never>>(
  name: string,
  build: PoolingDefinition<Read<O>>['build'],
  { target = false, ...about }: DefinePoolingOptions<O> = {},
): Factory<'pooling', O> =>
  define('pooling', name, { build, target, weights: EACH_ONCE } satisfies PoolingDefinition<Read<O>>, about);

interface UnpooledFeatures extends Pick<FeatureTensors, 'bagWeights' | 'bagNumbers'> {
  /** [batch, fields, dimension]; undefined without fields */
  readonly fields: tf.Tensor3D | undefined;
  readonly slots: tf.Tensor3D;
}

/**
 * Builds the poolings of a layout's sequences; undefined when the weights in the batch are all that they need. Side columns are pooled with
 * the scores of their sequence, or with equal weights if its pooling computes a vector.
 *
 * @returns the weights of all slots, [batch, slots], 0 in padding, and the vectors of sequences whose pooling computes one
 */
export function poolSequences(
  scope: Scope,
  layout: Layout,
  dimension: number,
  attention: AttentionOptions | undefined,
): ((features: UnpooledFeatures) => { weights: tf.Tensor2D; vectors: ReadonlyMap<string, tf.Tensor2D> }) | undefined {
  const sequences = layout.places.flatMap((place) => {
    if (!place.pooling || place.sequence !== undefined) return [];
    const spec = poolingSpec(place.pooling);
    const { builder, config } = resolve<Partial<PoolingDefinition>>(spec);
    if (!builder.build) return [];
    const sides = layout.places.filter(({ sequence }) => sequence === place.name);
    const width = dimension + sum(sides, ({ table }) => (table ? dimension : 1));
    const own = { ...scope.child(spec.name).child(place.name), length: place.width, dimension, width, attention };
    const candidate = layout.places.find(({ name }) => 'target' in place.form && name === place.form.target);
    const pool = builder.build(own, config);
    if (!('vector' in Object(pool))) checkMembersOf(spec, pool, ['scores']);
    return { place, sides, candidate, pool };
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
        const sequence = { ids, entries: tf.concat([ids, ...columns], 2), filled, candidate };
        if ('scores' in pool) return [place.name, pool.scores(sequence)];
        const count = tf.sum(filled, 1, true);
        vectors.set(place.name, tf.mul<tf.Tensor2D>(pool.vector(sequence), tf.minimum(count, 1)));
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

/** The columns of one feature: [batch, width of the feature, …] of [batch, width of the part, …]. */
export const slotsOf = <T extends tf.Tensor>(
  part: T,
  { column, width }: Pick<FeaturePosition, 'column' | 'width'>,
): T => tf.slice(part, [0, column], [-1, width]);

/**
 * Pools the numbers of side columns: Σ_j w_j x_j, with the weights of the sequence, [batch, slots].
 *
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

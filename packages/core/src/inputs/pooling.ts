import {
  define,
  listOf,
  optional,
  wholeNumber,
  type Definition,
  type Factory,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import type * as tf from '@tensorflow/tfjs-core';
import { EACH_ONCE, type PoolingForm } from '../features/pooling.ts';
import { activationName } from '../specs/checks.ts';
import type { Scope } from '../parameters/scope.ts';

/** The options of the activation unit that scores the entries of a sequence. */
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

/** The scope of a pooling of one sequence, with the shapes of its entries. */
export interface PoolingBuilder extends Scope {
  /** The number of slots. */
  readonly length: number;
  /** The width of an embedding. */
  readonly dimension: number;
  /** The width of an entry with its side columns. */
  readonly width: number;
  /** The option `attention` of the input. */
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
      vector(sequence: SequenceEntries): tf.Tensor2D;
    };

/** The definition of a pooling. */
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
 * @param name the name in saved models; it must be unique
 * @returns a factory of specs
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * const largest = definePooling('my-package/largest', () => ({
 *   vector: ({ ids, filled }) => tf.max(tf.mul(ids, tf.expandDims(filled, 2)), 1),
 * }));
 */
export const definePooling = <O extends object = Record<never, never>>(
  name: string,
  build: PoolingDefinition<Read<O>>['build'],
  { target = false, ...about }: DefinePoolingOptions<O> = {},
): Factory<'pooling', O> =>
  define('pooling', name, { build, target, weights: EACH_ONCE } satisfies PoolingDefinition<Read<O>>, about);

import { register, type About, type Options, type Spec } from '@polytask/components';
import type * as tf from '@tensorflow/tfjs-core';
import { EACH_ONCE, type PoolingForm } from '../features/pooling.ts';
import type { Activation } from '../layers/activations.ts';
import type { Scope } from '../parameters/scope.ts';

/** Options of the activation unit that scores the entries of a sequence. */
export interface AttentionOptions {
  /** Widths of the hidden layers. Default [36], as in the paper's figure 2. */
  hidden?: readonly number[];
  /** Of the hidden layers. Default `sigmoid`, as in the authors' code. */
  activation?: Activation;
}

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
export interface PoolingDefinition<C extends object = object> extends PoolingForm {
  readonly build: (builder: PoolingBuilder, config: C) => BuiltPooling;
}

export interface DefinePoolingOptions<C> extends About {
  /** A check for each option of the configuration. */
  readonly options?: Options<C>;
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
export function definePooling<C extends object>(
  name: string,
  build: PoolingDefinition<C>['build'],
  { options, target = false, ...about }: DefinePoolingOptions<C> = {},
): (config?: C) => Spec<'pooling', C> {
  const definition: PoolingDefinition<C> = { build, target, weights: EACH_ONCE };
  return register('pooling', name, definition, options, about);
}

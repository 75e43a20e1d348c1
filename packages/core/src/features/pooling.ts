import { component, define, oneOf, registered, resolve, custom, isObject, type Spec } from '@polytask/components';
import type * as tf from '@tensorflow/tfjs-core';

/** The combination of the slots of a list: the name of a pooling, or its spec, as `transformer({ heads: 4 })` returns it. */
export type Pooling = string | Spec<'pooling'>;

/** The weights of entries in a batch, 0 in padding: once for rows, and once for the graph of an exported file. */
export interface EntryWeights {
  /** The weight of entry i of `length` entries. */
  readonly of: (i: number, length: number) => number;
  /** The weights of slots, given 1 for each filled one: [batch, length] → the same shape. */
  readonly graph: (filled: tf.Tensor2D, operations: typeof tf) => tf.Tensor2D;
}

/** The part of a pooling that the encoding of rows reads. The other part is in `definePooling`. */
export interface PoolingForm {
  readonly weights: EntryWeights;
  /** Whether it reads the candidate: a sequence then names its `target`. */
  readonly target: boolean;
}

export const EACH_ONCE: EntryWeights = { of: () => 1, graph: (filled) => filled };

const WEIGHTS: Readonly<Record<string, EntryWeights & { readonly description: string }>> = {
  mean: {
    of: (_, length) => 1 / length,
    graph: (filled, { div, maximum, sum }) => div(filled, maximum(sum(filled, 1, true), 1)),
    description: 'the mean of the entries',
  },
  sum: { ...EACH_ONCE, description: 'the sum of the entries' },
  last: {
    of: (i, length) => (i === length - 1 ? 1 : 0),
    graph(filled, { cast, cumsum, equal, mul }) {
      const later = cumsum(filled, 1, true, true); // the filled slots after each slot
      return mul(filled, cast(equal(later, 0), 'float32'));
    },
    description: 'the last entry only',
  },
};
for (const [name, { description, ...weights }] of Object.entries(WEIGHTS)) {
  const definition = { description, package: '@polytask/core' };
  define('pooling', name, { weights, target: false } satisfies PoolingForm, definition);
}

export const poolingSpec = (pooling: Pooling): Spec<'pooling'> =>
  typeof pooling === 'string' ? { kind: 'pooling', name: pooling, config: {} } : pooling;

/** @throws PolytaskError when the pooling is not defined, or has an option that doesn't fit */
export const poolingForm = (pooling: Pooling): PoolingForm => resolve<PoolingForm>(poolingSpec(pooling)).builder;

/** The pooling of a sequence: its name or its spec. */
export const anyPooling = custom<Pooling>(
  (value, where) =>
    isObject(value) ? component('pooling').read(value, where) : oneOf(...registered('pooling')).read(value, where),
  { component: 'pooling' },
);

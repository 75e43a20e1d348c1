import { listOf, optional, string, wholeNumber, type Read } from '@polytask/components';
import { FIRST_CODE, hashedCodes, UNKNOWN } from '../codes.ts';
import type { Codes } from '../feature-form.ts';
import { registerFeature } from '../feature-kind.ts';

/** V8 throws "Map maximum size exceeded" when a Map gets one more entry than this. */
const LARGEST_MAP = 2 ** 24;

/**
 * A map of more than 2^24 entries, the limit of a JavaScript Map. Up to that size it is one Map, and as fast.
 *
 * @example
 * const index = new ShardedMap<number>();
 * vocabulary.forEach((text, i) => index.set(text, i));
 */
export class ShardedMap<V extends number | string | object> {
  readonly #shards: Map<string, V>[] = [new Map()];

  constructor(private readonly shardSize = LARGEST_MAP) {}

  get size(): number {
    return this.#shards.reduce((sum, { size }) => sum + size, 0);
  }

  get(key: string): V | undefined {
    for (const shard of this.#shards) {
      const value = shard.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(key: string, value: V): void {
    const holder = this.#shards.length > 1 ? this.#shards.find((shard) => shard.has(key)) : undefined;
    let last = holder ?? this.#shards.at(-1)!;
    if (!holder && last.size >= this.shardSize && !last.has(key)) this.#shards.push((last = new Map()));
    last.set(key, value);
  }

  delete(key: string): void {
    for (const shard of this.#shards) if (shard.delete(key)) return;
  }

  *[Symbol.iterator](): IterableIterator<[string, V]> {
    for (const shard of this.#shards) yield* shard;
  }
}

const ofCategorical = {
  vocabulary: listOf(string),
  /**
   * How many vectors of the embedding's dimension a value has, one after the other. A list that shares the vocabulary reads the first
   * one. Without it, 1.
   */
  vectors: optional(wholeNumber(1)),
};

/** A value from a fixed vocabulary. All other values share one entry; missing values have another. */
export interface CategoricalFeature extends Read<typeof ofCategorical> {
  readonly kind: 'categorical';
}

const ofHashed = {
  buckets: wholeNumber(1),
  /**
   * Composes the vector of a bucket from two rows: one of `quotients`, and one of buckets / quotients. Without it, each bucket has
   * one row.
   */
  quotients: optional(wholeNumber(2)),
  vectors: ofCategorical.vectors,
};

/** Any string, by its hash. Different values may share an entry; missing values have their own entry. */
export interface HashedFeature extends Read<typeof ofHashed> {
  readonly kind: 'hashed';
}

const ofShared = {
  /** The feature that owns the vocabulary and its rows of the table. */
  with: string,
};

/** A value from the vocabulary of another feature: both read the same rows of the embedding table. */
export interface SharedFeature extends Read<typeof ofShared> {
  readonly kind: 'shared';
}

/** A feature whose value is one id: a row of the embedding table. */
export type IdFeature = CategoricalFeature | HashedFeature | SharedFeature;

export const vocabularyCodes = ({ vocabulary, vectors }: Read<typeof ofCategorical>): Codes => ({
  count: FIRST_CODE + vocabulary.length,
  vectors,
  known: vocabulary,
  encoder() {
    const index = new ShardedMap<number>();
    vocabulary.forEach((value, i) => index.set(value, i + FIRST_CODE));
    return (text) => index.get(text) ?? UNKNOWN;
  },
  textOf: (code) => vocabulary[code - FIRST_CODE]!,
});

registerFeature('categorical', {
  fitted: ofCategorical,
  form: (feature) => ({ type: 'id', codes: vocabularyCodes(feature) }),
});

registerFeature('hashed', {
  fitted: ofHashed,
  form: (feature) => ({ type: 'id', codes: hashedCodes(feature) }),
});

registerFeature('shared', {
  fitted: ofShared,
  form: (feature) => ({ type: 'id', codes: feature }),
});

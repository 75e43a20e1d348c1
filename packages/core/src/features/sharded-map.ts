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
  readonly #shardSize: number;

  /** @param shardSize the most entries of one Map */
  constructor(shardSize = LARGEST_MAP) {
    this.#shardSize = shardSize;
  }

  /** The number of entries. */
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
    if (!holder && last.size >= this.#shardSize && !last.has(key)) this.#shards.push((last = new Map()));
    last.set(key, value);
  }

  delete(key: string): void {
    for (const shard of this.#shards) if (shard.delete(key)) return;
  }

  *[Symbol.iterator](): IterableIterator<[string, V]> {
    for (const shard of this.#shards) yield* shard;
  }
}

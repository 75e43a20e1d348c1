import { fail } from '@polytask/core';

/** A part of a study: the `number`th of `of` parts. */
export interface Shard {
  /** 1-based. */
  readonly number: number;
  readonly of: number;
}

/**
 * Reads a shard: `3/20`.
 *
 * @throws PolytaskError for another text, or a number out of range
 * @example parseShard('3/20') // { number: 3, of: 20 }
 */
export function parseShard(text: string): Shard {
  const [, number, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (number !== undefined && of !== undefined && number >= 1 && number <= of) return { number, of };
  return fail({
    expected: 'the number of a shard and how many there are, such as 3/20',
    received: `"${text}"`,
    fix: 'Numbers begin at 1: 1/20 to 20/20.',
  });
}

/**
 * The trials of a shard: every `of`th. Each trial is in one shard.
 *
 * @throws PolytaskError when there are more shards than trials
 */
export function trialsOfShard<T>(trials: readonly T[], { number, of }: Shard): T[] {
  if (of > trials.length) {
    fail({
      expected: `at most as many shards as trials (${trials.length})`,
      received: `${number}/${of}`,
      fix: 'Take fewer shards.',
    });
  }
  return trials.filter((_, i) => i % of === number - 1);
}

import type { Release } from '@polytask/core';

/** How long a place waits when only work that is claimed elsewhere is left, in milliseconds. */
const PAUSE = 500;

/** The error of a task whose work another run has claimed. The task can be tried later. */
class ClaimedElsewhere extends Error {
  override readonly name = 'ClaimedElsewhere';
}

/**
 * Runs work under a claim, and gives the claim back.
 *
 * @param release of the claim; undefined when another run has it
 * @throws ClaimedElsewhere, for {@link atPlaces}
 */
export async function underClaim<T>(release: Release | undefined, work: () => Promise<T>): Promise<T> {
  if (!release) throw new ClaimedElsewhere('Another run has claimed this work.');
  try {
    return await work();
  } finally {
    await release();
  }
}

/**
 * Runs a task for each item in their order, at most `places` at the same time. Tasks whose work another run has claimed are tried again
 * after the others.
 *
 * @throws the first error of a task
 */
export async function atPlaces<T>(
  items: readonly T[],
  places: number,
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()];
  const claimed = new Set<number>();
  let position = 0;
  const attempt = async ([index, item]: [number, T]) => {
    try {
      if (claimed.has(index)) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      await task(item, index);
    } catch (error) {
      if (!(error instanceof ClaimedElsewhere)) throw error;
      claimed.add(index);
      queue.push([index, item]);
    }
  };
  const place = async () => {
    while (position < queue.length) await attempt(queue[position++]!);
  };
  await Promise.all(Array.from({ length: Math.min(places, items.length) }, place));
}

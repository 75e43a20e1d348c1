import type { Batch } from '@polytask/core';
import { expect, it, vi } from 'vitest';
import { hasPair, watchPairs } from './watch-batches.ts';

const notice = vi.fn();

const batchOf = (labels: number[], groups: number[], weights = labels.map(() => 1)) =>
  ({
    size: labels.length,
    tasks: ['click'],
    labels: Float32Array.from(labels),
    weights: Float32Array.from(weights),
    groups: Int32Array.from(groups),
  }) as unknown as Batch;
const PAIR = batchOf([1, 0], [3, 3]);
const NONE = batchOf([1, 0], [3, 4]);

async function watched(batches: readonly Batch[], isWhole = true): Promise<number> {
  let count = 0;
  async function* source() {
    yield* batches;
  }
  for await (const _ of watchPairs(source(), ['click'], isWhole, notice)) count++;
  return count;
}

it('finds two labeled rows of a group with different labels', () => {
  expect(hasPair(PAIR, 'click')).toBe(true);
  expect(hasPair(NONE, 'click')).toBe(false);
  expect(hasPair(batchOf([1, 1], [3, 3]), 'click')).toBe(false);
  expect(hasPair(batchOf([1, 0], [-1, -1]), 'click')).toBe(false);
  expect(hasPair(batchOf([1, 0], [3, 3], [1, 0]), 'click')).toBe(false);
});

it('passes batches on, and says where most have nothing to compare', async () => {
  expect(await watched([PAIR, PAIR, NONE])).toBe(3);
  expect(notice).not.toHaveBeenCalled();
  expect(await watched([PAIR, NONE, NONE])).toBe(3);
  expect(notice).toHaveBeenCalledWith(
    expect.stringContaining('2 of 3 batches have no group with two labels of task "click"'),
  );
});

it('refuses an epoch, or its first hundred batches, without a pair', async () => {
  const message = 'with different labels of task "click" in some batch';
  await expect(watched([NONE, NONE])).rejects.toThrow(
    `${message}, as its loss compares them, received 2 batches without`,
  );
  await expect(watched([...Array<Batch>(100).fill(NONE), PAIR])).rejects.toThrow('received 100 batches without');
  expect(await watched([NONE], false)).toBe(1); // the rest of an epoch that was resumed
});

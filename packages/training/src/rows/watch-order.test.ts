import { randomStream, type Batch } from '@polytask/core';
import { expect, it, vi } from 'vitest';
import { shareBetween, watchOrder } from './watch-batches.ts';

const BATCH = 50;
const draws = randomStream(1, 'order').uniform(100 * BATCH);

/** A hundred batches of yes and no. @param chance of yes in each batch @param labeled the share of rows with a label */
const batchesOf = (chance: (batch: number) => number, labeled = 1): Batch[] =>
  Array.from({ length: 100 }, (_, b) => {
    const own = draws.subarray(b * BATCH, (b + 1) * BATCH);
    return {
      size: BATCH,
      tasks: ['click'],
      labels: Float32Array.from(own, (draw) => Number(draw < chance(b))),
      weights: Float32Array.from(own, (_, row) => Number(row < labeled * BATCH)),
    } as unknown as Batch;
  });

async function watched(batches: readonly Batch[]): Promise<string[]> {
  const notice = vi.fn<(text: string) => void>();
  async function* source() {
    yield* batches;
  }
  const passed: Batch[] = [];
  for await (const batch of watchOrder(source(), ['click'], notice)) passed.push(batch);
  expect(passed).toEqual(batches);
  return notice.mock.calls.map(([text]) => text);
}

it('warns of rows that are sorted by a label, or in blocks', async () => {
  const sorted = 'The stream is in the order of the labels of task click: 100% of their variance is between batches';
  expect(await watched(batchesOf((b) => Number(b < 30)))).toEqual([expect.stringContaining(sorted)]);
  expect(await watched(batchesOf((b) => Number(b % 10 < 5)))).toEqual([expect.stringContaining(sorted)]);
  expect(await watched(batchesOf((b) => Number(b < 30), 0.2))).toEqual([expect.stringContaining(sorted)]);
  expect(await watched(batchesOf((b) => (b < 50 ? 0.2 : 0.8)))).toHaveLength(1);
});

it('says nothing of rows at random, of a drift in time, of few batches, and of one class', async () => {
  expect(await watched(batchesOf(() => 0.3))).toEqual([]);
  expect(await watched(batchesOf((b) => 0.3 + b / 500))).toEqual([]);
  expect(await watched(batchesOf((b) => Number(b < 5)).slice(0, 19))).toEqual([]);
  expect(await watched(batchesOf(() => 1))).toEqual([]);
  expect(await watched(batchesOf(() => 0.3, 0))).toEqual([]);
});

it('is omega squared', () => {
  // batches [0, 1], [2, 3], [4, 5]: between 16, within 3 · .5 on 3 degrees of freedom, total 17.5
  const sums = { rows: 6, labels: 15, squares: 55, batches: 3, between: 0.5 + 12.5 + 40.5 };
  expect(shareBetween(sums)).toBeCloseTo((16 - 2 * 0.5) / (17.5 + 0.5), 12);
});

import { emptyBatch, layoutOf, type Batch, type Predictions } from '@polytask/core';
import type { Predictor } from '@polytask/serving';
import { expect, it } from 'vitest';
import { peopleSchema } from '../testing/people.ts';
import { rowBatcher } from './batcher.ts';

const layout = layoutOf(peopleSchema);
const limits = { maxBatchRows: 4, maxWaitMs: 0, maxQueueRows: 10, timeoutMs: 1000 };

/** Rows whose first number is their own. */
function rowsOf(...numbers: number[]): Batch {
  const batch = emptyBatch(numbers.length, layout);
  numbers.forEach((number, row) => (batch.numeric[row * layout.numeric] = number));
  return batch;
}

/** A model of two tasks: the row's number, and two classes. Its runs end when `next` is called, or at once. */
function fakePredictor(held = false) {
  const waiting: (() => void)[] = [];
  const predictor: Predictor = {
    schema: peopleSchema,
    layout,
    engine: 'fake',
    async predict({ numeric, size }): Promise<Predictions> {
      if (held) await new Promise<void>((resolve) => waiting.push(resolve));
      const number = (row: number) => numeric[row * layout.numeric]!;
      if (number(0) < 0) throw new Error('negative');
      return {
        one: Float32Array.from({ length: size }, (_, row) => number(row)),
        two: Float32Array.from({ length: 2 * size }, (_, i) => number(i >> 1) + (i % 2) / 2),
      };
    },
    dispose: () => Promise.resolve(),
  };
  return { predictor, next: () => waiting.shift()!() };
}

const tick = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

it('predicts concurrent requests together, up to the largest batch, and gives each its own rows', async () => {
  const runs: number[] = [];
  const batcher = rowBatcher(fakePredictor().predictor, { ...limits, maxQueueRows: 20 }, (rows) => runs.push(rows));
  const requests = [rowsOf(1), rowsOf(2, 3), rowsOf(), rowsOf(4), rowsOf(5, 6, 7, 8, 9, 10), rowsOf(11)];
  const results = await Promise.all(requests.map((rows) => batcher.predict(rows)));
  expect(runs).toEqual([4, 6, 1]);
  expect(results.map(({ one }) => [...one!])).toEqual([[1], [2, 3], [], [4], [5, 6, 7, 8, 9, 10], [11]]);
  expect([...results[1]!['two']!]).toEqual([2, 2.5, 3, 3.5]);
  expect(batcher.queueRows()).toBe(0);
});

it('collects while a run is under way', async () => {
  const { predictor, next } = fakePredictor(true);
  const runs: number[] = [];
  const batcher = rowBatcher(predictor, limits, (rows) => runs.push(rows));
  const first = batcher.predict(rowsOf(1));
  await tick();
  const later = [batcher.predict(rowsOf(2)), batcher.predict(rowsOf(3))];
  await tick();
  expect([runs, batcher.queueRows()]).toEqual([[1], 2]);
  next();
  await first;
  await tick();
  expect(runs).toEqual([1, 2]);
  next();
  expect((await Promise.all(later)).map(({ one }) => one![0])).toEqual([2, 3]);
});

it('waits for more rows as long as it is allowed to, and no longer than until a batch is full', async () => {
  const runs: number[] = [];
  const batcher = rowBatcher(fakePredictor().predictor, { ...limits, maxWaitMs: 250 }, (rows) => runs.push(rows));
  const early = batcher.predict(rowsOf(1));
  await tick();
  expect(runs).toEqual([]);
  await Promise.all([early, batcher.predict(rowsOf(2))]);
  expect(runs).toEqual([2]);
  const slow = rowBatcher(fakePredictor().predictor, { ...limits, maxWaitMs: 1e8 }, (rows) => runs.push(rows));
  await Promise.all([slow.predict(rowsOf(1, 2)), slow.predict(rowsOf(3, 4))]);
  expect(runs).toEqual([2, 4]);
});

it('refuses what the queue can not hold', async () => {
  const { predictor, next } = fakePredictor(true);
  const batcher = rowBatcher(predictor, limits);
  const running = batcher.predict(rowsOf(1));
  await tick();
  const waiting = batcher.predict(rowsOf(...new Array<number>(8).fill(2)));
  await expect(batcher.predict(rowsOf(3, 3, 3))).rejects.toMatchObject({ statusCode: 503 });
  next();
  await running;
  await tick();
  next();
  expect((await waiting)['one']).toHaveLength(8);
});

it('refuses a request whose turn comes too late', async () => {
  const { predictor, next } = fakePredictor(true);
  const batcher = rowBatcher(predictor, { ...limits, timeoutMs: 5 });
  const running = batcher.predict(rowsOf(1));
  await tick();
  const late = batcher.predict(rowsOf(2));
  await new Promise((resolve) => setTimeout(resolve, 10));
  next();
  await expect(late).rejects.toMatchObject({ statusCode: 503 });
  expect([...(await running)['one']!]).toEqual([1]);
});

it('goes on after an error, which fails the requests of its run alone', async () => {
  const batcher = rowBatcher(fakePredictor().predictor, limits);
  const failing = [batcher.predict(rowsOf(-1)), batcher.predict(rowsOf(1))];
  const other = batcher.predict(rowsOf(1, 2, 3));
  for (const each of failing) await expect(each).rejects.toThrow('negative');
  expect([...(await other)['one']!]).toEqual([1, 2, 3]);
});

import { expect, test } from 'vitest';
import { noBatches, numbered, storedRows } from './row-metric.ts';
import { auc } from '../binary/areas.ts';

test('keeps the rows of many batches in their order', () => {
  const state = auc.metric().create();
  const scores = Array.from({ length: 1000 }, (_, i) => i / 1000);
  for (const [i, score] of scores.entries()) state.update([i % 2], [score]);
  expect(state.toJSON().rows!.predictions).toEqual(scores);
});

test('states of the same rows go their own ways', () => {
  const a = auc.metric().create().update([0, 1], [0.1, 0.2]);
  const b = auc.metric().create().merge(a);
  a.update([1], [0.3]);
  b.update([0], [0.4]);
  expect([a, b].map((state) => state.toJSON().rows!.predictions)).toEqual([
    [0.1, 0.2, 0.3],
    [0.1, 0.2, 0.4],
  ]);
});

test('numbers groups as they appear, 1 and "1" apart', () => {
  const numbers = new Map<number | string, number>();
  expect([...numbered(['b', 1, 'b', '1', 1], numbers)]).toEqual([0, 1, 0, 2, 1]);
  expect(numbers.size).toBe(3);
  expect([...numbered(['1', 'c'], numbers)]).toEqual([2, 3]);
  expect(storedRows(noBatches())).toMatchObject({ count: 0, groupCount: 0 });
});

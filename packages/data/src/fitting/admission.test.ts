import { binary } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { categorical } from '../declarations/kinds.ts';
import { encodeStream, fitStreamSchema } from '../streams/encode-stream.ts';
import { tableStream } from '../streams/table-stream.ts';
import { fromRows } from '../table/from-rows.ts';
import { ForgottenCounts } from '../statistics/counts.ts';

const IDS = 10;

/** A stream of 40 tables. Each has ten new ids, and one occurrence of an id that comes back every tenth table. */
const streamOf = (minCount: number) =>
  tableStream(
    Array.from({ length: 4 * IDS }, (_, t) =>
      fromRows(
        Array.from({ length: 11 }, (_, i) => ({ id: i < 10 ? `new ${t}.${i}` : `old ${t % IDS}`, click: i % 2 })),
        { features: { id: categorical({ minCount }) }, tasks: { click: binary() } },
      ),
    ),
  );

describe('ids admitted after k occurrences in a stream', () => {
  it('are those with k occurrences, also where memory holds a quarter of the ids', async () => {
    const vocabulary = Array.from({ length: IDS }, (_, i) => `old ${i}`);
    for (const maxCounted of [1_000_000, 100]) {
      const admitted = async (k: number) => (await fitStreamSchema(streamOf(k), { maxCounted })).features['id'];
      expect(await admitted(4)).toEqual({ kind: 'categorical', vocabulary });
      expect(await admitted(5)).toEqual({ kind: 'categorical', vocabulary: [] });
    }
  });

  it('are encoded, and all others count as unknown', async () => {
    const stream = streamOf(4);
    const schema = await fitStreamSchema(stream, { maxCounted: 100 });
    for await (const { ids } of encodeStream(stream, schema).chunks(1)) {
      expect([...ids.subarray(0, 10)]).toEqual(Array(10).fill(0));
      expect(ids[10]).toBeGreaterThan(1);
    }
  });
});

it('never forgets a count, and hardly ever finds too high a one', () => {
  const counts = new ForgottenCounts(1000);
  const countOf = (i: number) => 1 + (i % 9);
  for (let i = 0; i < 1000; i++) counts.set(`text ${i}`, countOf(i));
  const found = Array.from({ length: 1000 }, (_, i) => counts.get(`text ${i}`));
  found.forEach((count, i) => expect(count).toBeGreaterThanOrEqual(countOf(i)));
  const tooHigh = found.filter((count, i) => count > countOf(i)).length;
  expect(tooHigh).toBeLessThan(1000 * (1000 / 4096) ** 2); // both cells shared with a later, higher one
  counts.set('text 0', 1e6);
  expect(counts.get('text 0')).toBe(65_535);
});

import { labelsOf, binary, regression, type Batch } from '@polytask/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { categorical, numeric } from '../declarations/kinds.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { mixShares } from './interleave.ts';
import { mixTables } from './mix-tables.ts';

const features = { x: numeric({ standardize: false }), state: categorical() };
const rows = (count: number, from: number) =>
  Array.from({ length: count }, (_, i) => ({ x: from + i, state: `s${i % 3}`, click: i % 2, stars: i / 2 }));
const clicks = fromRows(rows(900, 0), { features, tasks: { click: binary() } });
const ratings = fromRows(rows(100, 10_000), { features, tasks: { stars: regression({ scale: 'none' }) } });

const read = async (chunks: AsyncIterable<Batch>) => {
  const drawn: { x: number; click: number; stars: number; label: number }[] = [];
  for await (const batch of chunks) {
    const { size, numeric: x } = batch;
    const [clicks, ratings] = [labelsOf(batch, 'click'), labelsOf(batch, 'stars')];
    for (let row = 0; row < size; row++) {
      const [click, stars] = [clicks.weights[row]!, ratings.weights[row]!];
      drawn.push({ x: x[row]!, click, stars, label: click > 0 ? clicks.labels[row]! : ratings.labels[row]! });
    }
  }
  return drawn;
};

describe('mixShares', () => {
  it('is n^(1/T) over the sum of them', () => {
    expect(mixShares([900, 100], 'proportional')).toEqual([0.9, 0.1]);
    expect(mixShares([900, 100], 'equal')).toEqual([0.5, 0.5]);
    expect(mixShares([900, 100], { temperature: 2 })).toEqual([0.75, 0.25]);
    const [a, b, c] = mixShares([8, 27, 1], { temperature: 3 });
    expect([a, b, c].map((share) => share! * 6)).toEqual([2, 3, 1].map((n) => expect.closeTo(n, 10) as number));
    for (const ratio of [{ temperature: 0.5 }, { temperature: NaN }, 'even', undefined]) {
      expect(() => mixShares([1, 2], ratio as 'equal')).toThrow(
        "'proportional', 'equal' or { temperature } of 1 or more",
      );
    }
  });
});

describe('mixTables', () => {
  it('keeps groups apart whose hashes are equal', async () => {
    const users = ['238891', '582427'].map((user) => ({ user, x: 1, click: 0 })); // of 31 bits, behind 'clicks'
    const clicks = fromRows(users, { features: { x: numeric() }, tasks: { click: binary() }, groups: 'user' });
    for await (const { groups } of mixTables({ clicks }).chunks(1)) expect(new Set(groups).size).toBe(2);
  });

  it('draws rows whose labels are those of their own table, and of no other task', async () => {
    const mixture = mixTables({ clicks, ratings }, { ratio: 'equal', seed: 3 });
    expectTypeOf<keyof typeof mixture.schema.tasks>().toEqualTypeOf<'click' | 'stars'>();
    expect(Object.keys(mixture.schema.tasks)).toEqual(['click', 'stars']);
    const drawn = await read(mixture.chunks(1));
    expect(drawn.length).toBe(1000);
    for (const { x, click, stars, label } of drawn) {
      const own = x < 10_000;
      expect([click, stars]).toEqual(own ? [1, 0] : [0, 1]);
      expect(label).toBe(own ? x % 2 : (x - 10_000) / 2);
    }
    expect(await read(mixture.chunks(1))).toEqual(drawn); // a resumed run reads them again
    expect(await read(mixture.chunks(2))).not.toEqual(drawn);
    expect(await read(mixTables({ clicks, ratings }, { ratio: 'equal', seed: 4 }).chunks(1))).not.toEqual(drawn);
  });

  it.each([
    ['proportional', 0.9],
    ['equal', 0.5],
    [{ temperature: 2 }, 0.75],
  ] as const)('draws as often as the formula says: %j', async (ratio, share) => {
    const size = 20_000;
    const mixture = mixTables({ clicks, ratings }, { ratio, rows: size, seed: 1 });
    expect(mixture.shares.clicks).toBeCloseTo(share, 12);
    const drawn = (await read(mixture.chunks(1))).filter(({ click }) => click > 0);
    // binomial: four deviations
    expect(Math.abs(drawn.length - share * size)).toBeLessThan(4 * Math.sqrt(size * share * (1 - share)));
    const counts = new Map<number, number>();
    for (const { x } of drawn) counts.set(x, (counts.get(x) ?? 0) + 1);
    const often = [...counts.values()];
    expect(counts.size).toBe(900);
    expect(Math.max(...often) - Math.min(...often)).toBeLessThanOrEqual(1); // all before one comes again
  });

  it('fits the schema on the rows of all tables, and keeps each table to be measured', () => {
    const together = fromRows([...rows(900, 0), ...rows(100, 10_000)], { features, tasks: { click: binary() } });
    const { schema, tables } = mixTables({ clicks, ratings });
    expect(schema.features).toEqual(fitSchema(together).features);
    expect([tables.clicks.size, tables.ratings.size]).toEqual([900, 100]);
    expect(new Set(labelsOf(tables.clicks.arrays, 'stars').weights)).toEqual(new Set([0]));
  });

  it('refuses tables that do not go together', () => {
    const other = fromRows(rows(4, 0), { features: { x: numeric() }, tasks: { stars: regression({ scale: 'none' }) } });
    expect(() => mixTables({ clicks, other })).toThrow(
      'the features of table "clicks" in table "other" too, received others: x',
    );
    const huber = fromRows(rows(4, 0), { features, tasks: { stars: regression({ loss: 'huber' }) } });
    expect(() => mixTables({ ratings, huber })).toThrow(
      'task "stars" to be the same in all tables, received another one in table "huber"',
    );
    expect(() => mixTables({})).toThrow('at least one table to mix, received none');
    expect(() => mixTables({ clicks }, { rows: 0 })).toThrow('mixTables.rows');
  });
});

import { binary } from '@polytask/core';
import { expect, it } from 'vitest';
import { categorical, multiValued, numeric } from '../declarations/kinds.ts';
import { fromRows } from '../table/from-rows.ts';
import type { Table } from '../table/table.ts';
import { joinStream, tableStream } from './table-stream.ts';
import { sampleStream } from './sample-stream.ts';

const declaration = {
  features: { x: numeric(), id: categorical(), tags: multiValued() },
  tasks: { y: binary() },
  keep: ['user'],
};
const ROWS = 200;
const rowOf = (x: number) => ({ x, id: `id ${x}`, tags: [`tag ${x % 7}`, `only ${x}`], y: x % 2, user: `u${x % 3}` });
const rows = Array.from({ length: ROWS }, (_, x) => rowOf(x));

/** The same rows in tables of a size. */
const inTablesOf = (size: number) =>
  tableStream(
    Array.from({ length: Math.ceil(ROWS / size) }, (_, t) =>
      fromRows(rows.slice(t * size, (t + 1) * size), declaration),
    ),
  );
const numbers = ({ columns }: Table) => Array.from(columns.numbers['x']!);

it('takes whole rows, each once, in their order, and no text of other rows', async () => {
  const { table, total } = await sampleStream(inTablesOf(9), { size: 20, seed: 7 });
  const taken = numbers(table);
  expect([table.size, total, new Set(taken).size]).toEqual([20, ROWS, 20]);
  expect(taken).toEqual(taken.toSorted((a, b) => a - b));
  const { id, user } = table.columns.texts;
  const tags = table.columns.lists['tags']!;
  taken.forEach((x, row) => {
    const inRow = Array.from(tags.codes.subarray(tags.offsets[row], tags.offsets[row + 1]), (c) => tags.dictionary[c]);
    expect([id!.dictionary[id!.codes[row]!], user!.dictionary[user!.codes[row]!], ...inRow]).toEqual([
      ...[`id ${x}`, `u${x % 3}`],
      ...rowOf(x).tags,
    ]);
  });
  expect(id!.dictionary.length).toBe(20);
  expect(tags.dictionary.length).toBe(20 + new Set(taken.map((x) => x % 7)).size);
  expect(table.where(0)).toBe(`row ${taken[0]} of the stream`);
});

it('takes the same rows whatever the tables, and others for another seed', async () => {
  const taken = await Promise.all(
    [1, 9, 64, ROWS].map((size) => sampleStream(inTablesOf(size), { size: 20, seed: 7 })),
  );
  for (const { table } of taken) expect(numbers(table)).toEqual(numbers(taken[0]!.table));
  const other = await sampleStream(inTablesOf(9), { size: 20, seed: 8 });
  expect(numbers(other.table)).not.toEqual(numbers(taken[0]!.table));
});

it('takes each row as often as any other', { tags: ['long'] }, async () => {
  const counts = new Array<number>(ROWS).fill(0);
  const samples = 400;
  const stream = inTablesOf(ROWS);
  for (let seed = 0; seed < samples; seed++) {
    const { table } = await sampleStream(stream, { size: 50, seed });
    for (const x of numbers(table)) counts[x]!++;
  }
  const expected = (samples * 50) / ROWS;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / (expected * (1 - 50 / ROWS)), 0);
  expect(chiSquare).toBeGreaterThan(138); // 199 degrees of freedom: one in 10,000 lies below, and one above 280
  expect(chiSquare).toBeLessThan(280);
});

it('gives all rows of a stream that has fewer', async () => {
  const { table } = await sampleStream(inTablesOf(9), { size: ROWS + 1 });
  expect(numbers(table)).toEqual(rows.map(({ x }) => x));
});

it('takes rows of a stream that is joined with a table', async () => {
  const users = fromRows(
    [
      { user: 'u0', age: 10 },
      { user: 'u2', age: 12 },
    ],
    { features: { age: numeric() }, tasks: {}, keep: ['user'] },
  );
  const stream = joinStream(inTablesOf(9), users, 'user');
  const ages = (table: Table) => Array.from(table.columns.numbers['age']!);
  const { table } = await sampleStream(stream, { size: ROWS });
  expect(Object.keys(table.features)).toEqual(['x', 'id', 'tags', 'age']);
  expect(ages(table)).toEqual(rows.map(({ x }) => [10, NaN, 12][x % 3]));
  for await (const first of stream.tablesFrom!(195)) expect(numbers(first)[0]).toBeGreaterThanOrEqual(195);
});

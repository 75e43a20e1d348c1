import { binary, denseSchema, emptyBatch, layoutOf, type Examples } from '@polytask/core';
import { expect, it } from 'vitest';
import { categorical, multiValued, numeric } from '../declarations/kinds.ts';
import { encodedTable } from '../examples/encoded-table.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { rowHashes, rowsSeen } from './duplicated-rows.ts';

const features = { age: numeric(), state: categorical(), tags: multiValued() };
const people = [
  { age: 30, state: 'a', tags: ['x'], click: 1 },
  { age: 40, state: 'b', tags: ['x', 'y'], click: 0 },
  { age: 50, state: 'a', tags: [], click: 0 },
];
const table = fromRows(people, { features, tasks: { click: binary() } });
const train = encode(table, fitSchema(table));
const encoded = (rows: readonly object[]) =>
  encode(fromRows(rows as typeof people, { features, tasks: { click: binary() } }), train.schema);

it('compares features alone, each kind of them', () => {
  const changed = people.map((row) => ({ ...row, click: 1 - row.click }));
  expect([...rowsSeen(encoded(changed), train)]).toEqual([1, 1, 1]);
  const [first, second] = people as [(typeof people)[0], (typeof people)[0]];
  const others = [{ ...first, age: 31 }, { ...first, state: 'b' }, { ...second, tags: ['y'] }, second];
  expect([...rowsSeen(encoded(others), train)]).toEqual([0, 0, 0, 1]);
});

it('takes rows that a model reads as the same for the same', () => {
  const strange = encoded([
    { ...people[0]!, state: 'new' },
    { ...people[0]!, state: 'newer' },
  ]);
  expect([...rowsSeen(strange, strange.subset([1]))]).toEqual([1, 1]);
  expect([...rowsSeen(strange, train)]).toEqual([0, 0]);
});

it('reads any examples, and refuses those of other columns', () => {
  const { schema, size } = train;
  const lazy: Examples = { schema, size, batch: (rows) => train.batch(rows) };
  expect([...rowsSeen(lazy, train.subset([2]))]).toEqual([0, 0, 1]);
  expect(() => rowsSeen(wholeNumbers(2), train)).toThrow(
    'Expected rows with the columns of the others, 1 of numbers, 1 of ids and 2 slots',
  );
});

it('tells small whole numbers apart, though only the upper bits of a float differ', () => {
  const many = wholeNumbers(64);
  expect(new Set(rowHashes(many)).size).toBe(64 ** 3);
});

/** All rows of three integers below n. */
function wholeNumbers(n: number) {
  const schema = denseSchema(3, { click: binary() });
  const numbers = Float32Array.from({ length: 3 * n ** 3 }, (_, i) => Math.floor(Math.floor(i / 3) / n ** (i % 3)) % n);
  return encodedTable(schema, { ...emptyBatch(n ** 3, layoutOf(schema), ['click']), numeric: numbers });
}

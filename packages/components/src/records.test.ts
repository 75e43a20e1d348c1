import { expect, it } from 'vitest';
import { addTo, countsOf, groupBy, mapValues, memoized, ranked, recordOf } from './collections.ts';

it('a record has a value for each key, in their order', () => {
  expect(Object.entries(recordOf(new Set(['b', 'a']), (key, index) => key + index))).toEqual([
    ['b', 'b0'],
    ['a', 'a1'],
  ]);
});

it('other values have the keys of the record', () => {
  expect(mapValues({ a: 1, b: 2 }, (value, key) => key.repeat(value))).toEqual({ a: 'a', b: 'bb' });
});

it('any name is a key', () => {
  const values = mapValues(JSON.parse('{"__proto__":1}') as Record<string, number>, (value) => value + 1);
  expect(Object.entries(values)).toEqual([['__proto__', 2]]);
});

it('groups stand in the order of their first items', () => {
  expect([...groupBy([3, 1, 2, 5], (item) => item % 2 === 1)]).toEqual([
    [true, [3, 1, 5]],
    [false, [2]],
  ]);
});

it('counts values in the order of the first ones, without NaN', () => {
  const counts = countsOf([NaN, 3, 1, 3]);
  expect([...counts]).toEqual([
    [3, 2],
    [1, 1],
  ]);
  addTo(counts, 1, 0.5);
  addTo(counts, 2);
  expect(counts.get(1)).toBe(1.5);
  expect(counts.get(2)).toBe(1);
});

it('ranks by count, and equal counts by their values', () => {
  expect(ranked(countsOf(['b', 'c', 'a', 'c'])).map(([text]) => text)).toEqual(['c', 'a', 'b']);
  expect(ranked(countsOf([10, 9, 10, 9, 1])).map(([number]) => number)).toEqual([9, 10, 1]);
});

it('a memoized function runs once for each object, also if its result is undefined', () => {
  let calls = 0;
  const sizeOf = memoized((items: readonly string[]) => {
    calls++;
    return items.length || undefined;
  });
  const [none, two] = [[], ['a', 'b']];
  expect([none, two, none, two].map(sizeOf)).toEqual([undefined, 2, undefined, 2]);
  expect(calls).toBe(2);
});

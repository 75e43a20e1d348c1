import { expect, it } from 'vitest';
import { groupBy, mapValues, recordOf } from './collections.ts';

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

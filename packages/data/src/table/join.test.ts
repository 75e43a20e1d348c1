import { binary } from '@polytask/core';
import { expect, it } from 'vitest';
import { categorical, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { fromRows } from './from-rows.ts';
import { groupsOf } from './table.ts';
import { joinTables } from './join.ts';

const clicks = fromRows(
  ['b', 'a', null, 'z', 'b'].map((user, i) => ({ user, x: i, y: i % 2 })),
  { features: { x: numeric() }, tasks: { y: binary() }, keep: ['user'] },
);
const declared = { features: { age: numeric(), state: categorical(), tags: multiValued() }, tasks: {}, keep: ['user'] };
const people = [
  { user: 'a', age: 1, state: 'Utah', tags: ['p', 'q'] },
  { user: 'b', age: null, state: 'Ohio', tags: ['q'] },
  { user: null, age: 9, state: 'Iowa', tags: [] },
];
const users = fromRows(people, declared);

it('gives each row the features of its partner, and none where there is none', () => {
  const table = joinTables(clicks, users, 'user');
  const { numbers, texts, lists } = table.columns;
  expect(Array.from(numbers['age']!)).toEqual([NaN, 1, NaN, NaN, NaN]);
  expect(Array.from(texts['state']!.codes, (code) => texts['state']!.dictionary[code])).toEqual([
    'Ohio',
    'Utah',
    undefined,
    undefined,
    'Ohio',
  ]);
  const { offsets, codes, dictionary } = lists['tags']!;
  const tags = Array.from({ length: 5 }, (_, r) =>
    Array.from(codes.subarray(offsets[r], offsets[r + 1]), (code) => dictionary[code]),
  );
  expect(tags).toEqual([['q'], ['p', 'q'], [], [], ['q']]);
  expect(Object.keys(table.features)).toEqual(['x', 'age', 'state', 'tags']);
  expect(table.where(3)).toBe('row 3');
  expect(Array.from(groupsOf(joinTables(clicks, users, 'user').subset([0, 1, 4]), 'user'))).toEqual([0, 1, 0]);
});

it('refuses a key that is twice there, names that clash, and what has no place', () => {
  expect(() => joinTables(clicks, fromRows([people[0]!, people[0]!], declared), 'user')).toThrow(
    'received "a" in row 0 and in row 1',
  );
  expect(() => joinTables(clicks, users, 'users')).toThrow('column "users" as text in both tables');
  expect(() =>
    joinTables(
      clicks,
      fromRows([{ user: 'a', x: 1 }], { features: { x: numeric() }, tasks: {}, keep: ['user'] }),
      'user',
    ),
  ).toThrow('"x" in both');
  const vectors = fromRows([{ user: 'a', e: [1, 2] }], {
    features: { e: vector({ width: 2 }) },
    tasks: {},
    keep: ['user'],
  });
  expect(() => joinTables(clicks, vectors, 'user')).toThrow('received a vector, which may not be missing');
  expect(() => groupsOf(clicks, 'user')).toThrow('none in row 2');
});

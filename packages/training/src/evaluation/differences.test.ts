import { expect, test } from 'vitest';
import { differences } from './check-examples.ts';

test('equal values have none, whatever JSON makes of them', () => {
  expect(differences({ a: [1, { b: undefined }], c: Infinity }, { a: [1, {}], c: NaN })).toEqual([]);
});

test('each place is named, with what stands there', () => {
  expect(differences({ a: { b: 1, c: [1, 2] }, d: 'x' }, { a: { b: 2, c: [1, 2, 3] }, e: null })).toEqual([
    { path: 'a.b', expected: '1', received: '2' },
    { path: 'a.c.2', expected: 'nothing', received: '3' },
    { path: 'd', expected: '"x"', received: 'nothing' },
    { path: 'e', expected: 'nothing', received: 'null' },
  ]);
  expect(differences({ a: 1 }, 'none')).toEqual([{ path: 'it', expected: '{"a":1}', received: '"none"' }]);
});

test("an object's own keys count, whatever they are called", () => {
  const received = JSON.parse('{ "toString": 1, "__proto__": 2 }') as unknown;
  expect(differences({}, received)).toEqual([
    { path: 'toString', expected: 'nothing', received: '1' },
    { path: '__proto__', expected: 'nothing', received: '2' },
  ]);
});

test('the order of keys counts: columns and logits stand in it', () => {
  expect(differences({ f: { a: 1, b: 1 } }, { f: { b: 1, a: 1 } })).toEqual([
    { path: 'f', expected: 'the order a, b', received: 'the order b, a' },
  ]);
});

test('long values are cut, long lists too', () => {
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, 'x'.repeat(200)]));
  const found = differences(many, {});
  expect(found).toHaveLength(5);
  expect(found[0]!.expected).toHaveLength(78);
});

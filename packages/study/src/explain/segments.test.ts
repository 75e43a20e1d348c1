import { expect, test } from 'vitest';
import { segmentsBy } from './explain-model.ts';

const sizes = (values: readonly (string | undefined)[]) =>
  segmentsBy(values).map(({ name, rows }): [string, number] => [name, rows.length]);

test('values are segments, the most frequent one first; the rarer ones are others', () => {
  expect(sizes(['b', 'a', 'a', undefined])).toEqual([
    ['a', 2],
    ['b', 1],
    ['(missing)', 1],
  ]);
  const many = Array.from({ length: 12 }, (_, v) => Array.from({ length: 12 - v }, () => `v${v}`)).flat();
  expect(sizes(many)).toEqual([
    ...Array.from({ length: 8 }, (_, v): [string, number] => [`v${v}`, 12 - v]),
    ['(others)', 10],
  ]);
  expect(segmentsBy(['b', 'a', 'b'])[0]!.rows).toEqual([0, 2]);
});

test('many numbers give quarters; few numbers are values', () => {
  const ages = Array.from({ length: 100 }, (_, i) => String((i * 37) % 100));
  expect(sizes([...ages, undefined])).toEqual([
    ['up to 24', 25],
    ['over 24, up to 49', 25],
    ['over 49, up to 74', 25],
    ['over 74, up to 99', 25],
    ['(missing)', 1],
  ]);
  expect(sizes(['1', '2', '2'])).toEqual([
    ['2', 2],
    ['1', 1],
  ]);
});

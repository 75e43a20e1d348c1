import { expect, it } from 'vitest';
import { FIRST_CODE, hashOf, MISSING } from '../features/codes.ts';
import { rowEncoder } from '../features/rows.ts';
import { layoutOf } from '../features/layout.ts';
import type { Schema } from '../features/schema.ts';
import './buckets.ts';
import { cross } from './cross.ts';

const features: Schema['features'] = {
  country: { kind: 'categorical', vocabulary: ['NL', 'UK'] },
  age: { kind: 'buckets', edges: [18, 65] } as { kind: string },
  both: { kind: 'cross', of: ['country', 'age'], buckets: 1000 } as { kind: string },
};

it('has one code for each combination, of unknown values too, and reads no column of its own', () => {
  const { ids } = rowEncoder({ features })([
    { country: 'NL', age: 20 },
    { country: 'NL', age: 64 },
    { country: 'FR', age: 20 },
    { country: null, age: 20 },
    { country: null, age: null },
  ]);
  const place = layoutOf({ features }).places[2]!;
  const codes = Array.from({ length: 5 }, (_, row) => ids[row * 3 + 2]! - place.offset);
  const code = (...texts: unknown[]) => FIRST_CODE + (hashOf(JSON.stringify(texts)) % 1000);
  expect(codes).toEqual([
    code('NL', '18 to below 65'),
    code('NL', '18 to below 65'),
    code('FR', '18 to below 65'),
    code(null, '18 to below 65'),
    MISSING,
  ]);
});

it('says what it cannot cross', () => {
  const withNumber = { ...features, age: { kind: 'numeric', mean: 0, deviation: 1 } };
  expect(() => layoutOf({ features: withNumber })).toThrow(
    'Expected a cross of features with one category in a row, received "age", a numeric feature. Declare a number as buckets() to cross it.',
  );
  const { age: _, ...withoutAge } = features;
  expect(() => layoutOf({ features: withoutAge })).toThrow('received "age", which is no feature');
  const twice = { ...features, again: { kind: 'cross', of: ['both', 'age'], buckets: 9 } as { kind: string } };
  expect(() => layoutOf({ features: twice })).toThrow('received "both", a cross feature');
  expect(() => cross({ of: ['country'] })).toThrow('a list of 2 or more for cross.of');
  expect(() => cross({ of: ['a', 'b'], from: 'c' } as never)).toThrow('Expected an option of cross, received "from"');
});

it('says which of its features a row lacks', () => {
  expect(() => rowEncoder({ features })([{ country: 'NL' }])).toThrow('Row 0: Expected a value for feature "age"');
});

it('adds no fault to that of a feature that it reads', () => {
  const faults: [number, string | undefined][] = [];
  const { both, ...others } = features;
  const encode = rowEncoder({ features: { both: both!, ...others } }); // before those that it reads
  encode([{ country: 'NL' }, {}, { country: {}, age: 41 }, { country: 'NL', age: 41 }], ({ row, feature }) => {
    faults.push([row, feature]);
  });
  expect(faults).toEqual([[0, 'age'], [1, 'country'], [1, 'age'], [2, 'country']]); // prettier-ignore
});

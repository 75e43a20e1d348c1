import { regression } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import {
  categorical,
  hashed,
  multiValued,
  numeric,
  shared,
  type FeatureDeclaration,
  idSequence,
} from '../declarations/kinds.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { inspect } from './inspect.ts';
import { unseenValues } from './unseen-values.ts';

type Value = string | number | readonly string[] | null;
const tableOf = (features: Readonly<Record<string, FeatureDeclaration>>, rows: readonly Record<string, Value>[]) =>
  fromRows(
    rows.map((row, i) => ({ ...row, y: i % 3 })),
    { features, tasks: { y: regression() } },
  );

/** The share that is found for one feature; undefined without a warning. */
function shareOf(feature: FeatureDeclaration, train: readonly Value[], test: readonly Value[]): number | undefined {
  const table = (values: readonly Value[]) =>
    tableOf(
      { x: feature },
      values.map((x) => ({ x })),
    );
  const [warning] = unseenValues(['test', table(test)], table(train));
  return warning?.evidence['share'] as number | undefined;
}

describe('unseenValues', () => {
  it('names the feature and the share of its rows', () => {
    const features = { month: categorical(), state: categorical() };
    const train = tableOf(features, [
      { month: '1', state: 'a' },
      { month: '2', state: 'b' },
    ]);
    const test = tableOf(features, [
      { month: '3', state: 'b' },
      { month: '2', state: 'a' },
      { month: '4', state: 'a' },
      { month: '3', state: 'a' },
    ]);
    expect(unseenValues(['test', test], train)).toEqual([
      {
        ...{ kind: 'unseen-values', severity: 'warning', about: { column: 'month', part: 'test' } },
        evidence: { isNumber: false, share: 0.75 },
        message:
          'In 75% of the test rows, feature "month" has a value that no training row has. ' +
          'The model has learned nothing about that: leave the feature out, or split otherwise.',
      },
    ]);
  });

  it('is silent up to a fifth of the rows', () => {
    expect(shareOf(categorical(), ['a'], ['a', 'a', 'a', 'a', 'b'])).toBeUndefined();
    expect(shareOf(categorical(), ['a'], ['a', 'a', 'a', 'b'])).toBe(0.25);
  });

  it('looks at ids by hash, which a schema can not tell, and at rare values as the rows have them', () => {
    expect(shareOf(hashed({ buckets: 2 }), ['u1', 'u2'], ['u3', 'u4'])).toBe(1);
    expect(shareOf(categorical({ minCount: 2 }), ['a', 'a', 'b'], ['b', 'b'])).toBeUndefined();
  });

  it('does not count missing values', () => {
    expect(shareOf(categorical(), ['a', 'b'], ['a', null, null])).toBeUndefined();
    expect(shareOf(numeric(), [1, null], [null, null])).toBeUndefined();
    expect(shareOf(numeric(), [null, null], [1, 2])).toBeUndefined();
  });

  it('finds numbers outside the range of the training rows', () => {
    expect(shareOf(numeric(), [2001, 2003, 2002], [2004, 2000, 2002, 2001])).toBe(0.5);
    expect(shareOf(numeric({ log: true }), [0, 9], [0, 5, 9])).toBeUndefined();
  });

  it('counts a list if none of its values is known, and an empty list never', () => {
    expect(shareOf(multiValued(), [['a', 'b']], [['c'], ['a', 'c'], []])).toBeCloseTo(1 / 3, 12);
  });

  it('takes values of features that share a vocabulary together', () => {
    const features = {
      item: categorical(),
      last: shared({ with: 'item' }),
      history: idSequence({ target: 'item' }),
    };
    const train = tableOf(features, [{ item: 'a', last: 'b', history: ['c'] }]);
    const test = (item: string, last: string, history: string[]) =>
      unseenValues(['test', tableOf(features, [{ item, last, history }])], train).map(({ about }) => about.column);
    expect(test('c', 'a', ['b'])).toEqual([]);
    expect(test('d', 'e', ['f'])).toEqual(['item', 'last', 'history']);
  });

  it('is part of inspect where it has the raw rows', () => {
    const all = tableOf({ x: categorical() }, [{ x: 'a' }, { x: 'b' }, { x: 'c' }, { x: 'a' }, { x: 'a' }]);
    const raw = { train: all.subset([0, 4]), validation: all.subset([1]), test: all.subset([2]) };
    const schema = fitSchema(raw.train);
    const encoded = (part: keyof typeof raw) => encode(raw[part], schema);
    const parts = { train: encoded('train'), validation: encoded('validation'), test: encoded('test') };
    const found = inspect(parts, raw).filter(({ kind }) => kind === 'unseen-values');
    expect(found.map(({ about }) => about.part)).toEqual(['validation', 'test']);
  });
});

import { randomStream, regression } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { categorical, numeric } from '../declarations/kinds.ts';
import { fromRows } from '../table/from-rows.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { leaks } from '../guards/leaks.ts';
import { findLeaks } from './find-leaks.ts';
import { leastSquares } from './label-judge.ts';

const ROWS = 3000;
const stream = randomStream(1, 'combinations');
const noise = () => Float64Array.from(stream.normal(ROWS));
/** Mostly 0, with a long tail, as costs are. */
const costs = (share: number) => noise().map((z) => (z > share ? Math.round(100 * Math.exp(3 * (z - share))) : 0));
const positive = () => noise().map(Math.exp);
const found = (columns: Readonly<Record<string, Float64Array>>, labels: Float64Array, isBinary = false) =>
  findLeaks(
    { type: isBinary ? 'classes' : 'number', values: labels },
    (rows) =>
      Object.entries(columns).map(([name, values]) => ({
        name,
        numbers: Float64Array.from(rows, (row) => values[row]!),
      })),
    1,
  ).leaks.find(({ columns }) => columns.length > 1);
const [a, b, c, d] = [positive(), positive(), positive(), positive()];

describe('tellingCombination', () => {
  it.each<[string, Float64Array, string[]]>([
    ['their sum', a.map((value, i) => value + b[i]!), ['a', 'b']],
    ['their sum', a.map((value, i) => 100 * (value + b[i]!) + 7), ['a', 'b']],
    ['their difference', c.map((value, i) => value - a[i]!), ['a', 'c']],
    ['their product', b.map((value, i) => value * d[i]!), ['b', 'd']],
    ['their ratio', d.map((value, i) => value / a[i]!), ['a', 'd']],
  ])('finds %s of two columns', (how, labels, names) => {
    const result = found({ a, b, c, d, e: noise() }, labels)!;
    expect(result.how).toBe(how);
    expect([...result.columns].sort()).toEqual(names);
    expect(result.score).toBeGreaterThan(0.9999);
  });

  it('finds the parts of a total that is nearly always 0, as the cost of bird strikes', () => {
    const [repair, other] = [costs(2), costs(2.3)];
    const total = repair.map((value, i) => value + other[i]!);
    expect(total.filter((value) => value > 0).length).toBeLessThan(0.05 * ROWS);
    expect(found({ repair, other, speed: noise() }, total)).toMatchObject({
      how: 'their sum',
      score: expect.closeTo(1, 9) as number,
    });
  });

  it('finds the fewest columns of a weighted sum of more', () => {
    const columns = { a, b, c, d, e: noise() };
    const sums = (weights: number[]) =>
      a.map((_, i) => weights[0]! * a[i]! + weights[1]! * b[i]! + weights[2]! * c[i]! + weights[3]! * d[i]!);
    const plain = found(columns, sums([1, 1, 1, 1]))!;
    expect([plain.how, [...plain.columns].sort()]).toEqual(['their sum', ['a', 'b', 'c', 'd']]);
    const weighted = found(columns, sums([2, 0, -3, 5]))!;
    expect([weighted.how, [...weighted.columns].sort()]).toEqual(['a weighted sum of theirs', ['a', 'c', 'd']]);
  });

  it('finds yes and no by a comparison of two columns', () => {
    const labels = a.map((value, i) => Number(value > b[i]!));
    expect(found({ a, b, c }, labels, true)).toMatchObject({ columns: ['a', 'b'], how: 'their difference', score: 1 });
    expect(found({ a, c, d }, labels, true)).toBeUndefined();
  });

  it('finds nothing in what only predicts the label well, by several columns or by one', () => {
    const z = noise();
    const label = a.map((value, i) => value + b[i]! + 0.2 * z[i]!);
    expect(found({ a, b, c, d }, label)).toBeUndefined();
    const steps = noise().map((value) => 0.03 * value);
    const series = steps.map((_, i) => steps.slice(Math.max(0, i - 300), i + 1).reduce((x, y) => x + y, 0));
    const before = Float64Array.from(series, (_, i) => series[Math.max(0, i - 1)]!);
    const twice = Float64Array.from(series, (_, i) => series[Math.max(0, i - 2)]!);
    expect(found({ before, twice, a }, series)).toBeUndefined();
  });

  it('passes over a column that alone tells the label', () => {
    expect(found({ copy: a.map((value) => 3 * value), b, c }, a)).toBeUndefined();
  });

  it('is not taken in by one large value', () => {
    const large = (value: Float64Array) => value.map((each, i) => (i === 17 ? 1e9 : each));
    expect(found({ a: large(a), b: large(b) }, large(c))).toBeUndefined();
  });

  it('passes over rows without a label or a value, and judges no label of a few rows', () => {
    const gaps = (values: Float64Array, every: number) => values.map((value, i) => (i % every === 0 ? NaN : value));
    const sum = a.map((value, i) => value + b[i]!);
    expect(found({ a: gaps(a, 5), b: gaps(b, 7) }, gaps(sum, 11))).toMatchObject({
      how: 'their sum',
      score: expect.closeTo(1, 9) as number,
    });
    expect(found({ a, b }, sum.map((value, i) => (i < 19 ? value : 0)))).toBeUndefined(); // prettier-ignore
    expect(found({ a, b }, sum.fill(NaN))).toBeUndefined();
  });
});

it('leastSquares has the normal equations as its solution', () => {
  const columns = [
    [1, -1, 2, -2],
    [3, 1, -3, -1],
  ].map((values) => Float64Array.from(values));
  const target = Float64Array.from([9, 1, -5, -5]); // 2 (1, −1, 2, −2) + 3 (3, 1, −3, −1), less (2, 0, 0, −4)
  const [x, y] = leastSquares(columns, target);
  // 10 x − 3 ... by hand: XᵀX = [[10, −2], [−2, 20]], Xᵀy = [8, 48]
  expect(x! * 10 - y! * 2).toBeCloseTo(8, 6);
  expect(x! * -2 + y! * 20).toBeCloseTo(48, 6);
  expect(leastSquares([columns[0]!, columns[0]!], columns[0]!)[0]).toBeCloseTo(0.5, 3); // equal columns
});

it('leaks reads the raw numbers of a table, whatever their scale', () => {
  const rows = Array.from({ length: ROWS }, (_, i) => ({
    ...{ repair: a[i]!, other: b[i]!, state: `s${i % 3}`, total: a[i]! + b[i]!, late: Number(a[i]! > b[i]!) },
  }));
  const table = fromRows(rows, {
    features: { fix: numeric({ from: 'repair', log: true }), other: numeric({ log: true }), state: categorical() },
    tasks: { total: regression({ log: true }) },
  });
  expect(leaks(encode(table, fitSchema(table)))).toEqual([
    {
      ...{ kind: 'combined-leak', severity: 'warning', about: { task: 'total' } },
      evidence: expect.objectContaining({
        ...{ columns: ['fix', 'other'], score: expect.closeTo(1, 9) as number },
      }) as object,
      message:
        'Features "fix" and "other" together tell the labels of task "total", by their sum (1.0000 of 1). Is this a leak?',
    },
  ]);
});

import { binary, randomStream, regression } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { numeric } from '../declarations/numeric.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { countNumber, repeatedNumbers } from './counts.ts';
import { exactValueGains, valuesTell } from './repeated-values.ts';

const ROWS = 2000;
const noise = randomStream(1, 'noise').normal(ROWS);
const draws = randomStream(1, 'values').uniform(ROWS);
/** 0 in 80% of the rows, and one of 50 amounts in the others. */
const gains = Float64Array.from(draws, (u) => (u < 0.8 ? 0 : 1000 + 37 * Math.floor((u - 0.8) * 250)));
/** How many values have five rows or more. */
const FREQUENT = new Set(gains.filter((x) => gains.filter((other) => other === x).length >= 5)).size;
const ages = Float64Array.from(draws, (u) => 18 + Math.floor(u * 60));
const isSpike = (x: number) => x > 0 && ((x - 1000) / 37) % 3 === 0;

const schemaOf = (x: Float64Array, y: (x: number, row: number) => number, options = {}) => {
  const rows = [...x].map((value, row) => ({ x: value, y: y(value, row) }));
  const table = fromRows(rows, { features: { x: numeric(options) }, tasks: { y: regression() } });
  return { table, schema: fitSchema(table) };
};
const repeated = (...args: Parameters<typeof schemaOf>) =>
  (schemaOf(...args).schema.features.x as { repeated?: readonly number[] }).repeated;

describe('exactValueGains', () => {
  const values = [...new Set(gains)];
  it('is the share of the variance that exact values explain, and nothing for a smooth function', () => {
    const spikes = exactValueGains(gains, values)(gains.map((x, i) => Number(isSpike(x)) + 0.1 * noise[i]!));
    expect(spikes.share).toBeGreaterThan(0.3);
    expect(spikes.t).toBeGreaterThan(10);
    const line = exactValueGains(ages, [...new Set(ages)])(ages.map((x, i) => x / 20 + noise[i]!));
    expect(Math.abs(line.t)).toBeLessThan(4);
    expect(line.share).toBeLessThan(0.0075);
  });

  it('is NaN-safe: rows without a number or a label are left out, and there is no gain of nothing', () => {
    expect(exactValueGains(Float64Array.of(1, NaN), [1])(Float64Array.of(NaN, 1))).toEqual({ share: 0, t: 0 });
  });
});

describe('valuesTell', () => {
  const spiky = gains.map((x, i) => Number(isSpike(x)) + noise[i]!);
  const others = Array.from({ length: 20 }, (_, i) => Float64Array.from(randomStream(i, 'other').normal(ROWS)));

  it('is true for a label that the values predict, and false if they make the predictions of all labels together worse', () => {
    expect(valuesTell(gains, [spiky])).toBe(true);
    expect(valuesTell(gains, others.slice(0, 1))).toBe(false);
    expect(valuesTell(gains, [spiky, ...others])).toBe(false);
  });

  it('is false for a few rows of a rare class', () => {
    const weights = gains.map((_, i) => (i < 30 ? Math.floor(i / 5) : 100 + i));
    const rare = gains.map((_, i) => Number(i > 1000 && i % 14 === 0)); // no row of the repeated values has it
    expect(exactValueGains(weights, [0, 1, 2, 3, 4, 5])(rare).t).toBeGreaterThan(4);
    expect(valuesTell(weights, [rare])).toBe(false);
  });

  it('is false for more than 256 repeated values', () => {
    const values = Float64Array.from({ length: 1500 }, (_, i) => (i * 7) % 300);
    const label = values.map((x) => x % 2);
    expect(valuesTell(values, [label])).toBe(false);
    expect(
      valuesTell(
        values.map((x) => x % 250),
        [label.map((_, i) => (values[i]! % 250) % 2)],
      ),
    ).toBe(true);
  });
});

describe('repeatedNumbers', () => {
  it('keeps frequent values among more different ones than it counts, wherever they are', () => {
    const counts = new Map<number, number>();
    for (let i = 0; i < 400_000; i++) countNumber(counts, i % 10 === 0 ? -1 : i);
    for (let i = 0; i < 50; i++) countNumber(counts, -2);
    expect(repeatedNumbers(counts)).toEqual([-1, -2]);
  });

  it('has a frequent value that comes after as many others as it counts, each of them twice', () => {
    const counts = new Map<number, number>();
    for (let i = 0; i < 2 ** 18; i++) countNumber(counts, i >> 1);
    for (let i = 0; i < 1000; i++) countNumber(counts, -1);
    expect(repeatedNumbers(counts)).toEqual([-1]);
    expect(counts.get(-1)).toBeGreaterThanOrEqual(1000 - 263_144 / 2 ** 17);
  });

  it('has one of several values that are equal in 32 bits', () => {
    const counts = new Map<number, number>();
    for (const value of [16777217, 16777216, 16777216, 3, 3, 3]) countNumber(counts, value);
    expect(repeatedNumbers(counts, { minCount: 1 })).toEqual([3, 16777216]);
  });
});

describe('numeric', () => {
  it('gives vectors to values that tell more than a curve, in any unit, and to none of a smooth column', () => {
    const label = (x: number, row: number) => Number(isSpike(x)) + 0.1 * noise[row]!;
    expect(repeated(gains, label)).toHaveLength(FREQUENT);
    const thousands = gains.map((x) => x / 1000);
    expect(repeated(thousands, (x, row) => label(Math.round(x * 1000), row))).toHaveLength(FREQUENT);
    expect(repeated(ages, (x, row) => x / 20 + noise[row]!)).toBeUndefined();
    expect(repeated(gains, label, { values: false })).toBeUndefined();
    expect(repeated(ages, (_, row) => noise[row]!, { values: { minCount: 1, most: 3 } })).toHaveLength(3);
  });

  it('does not depend on the order of the rows', () => {
    const label = (x: number) => Number(isSpike(x));
    const sorted = gains.slice().sort();
    expect(new Set(repeated(sorted, label))).toEqual(new Set(repeated(gains, label)));
  });

  it('encodes the exact value next to the number: rare ones and missing ones have codes of their own', () => {
    const rows = [0, 0, 0, 5, 5, 7, null].map((x, i) => ({ x, y: i % 2 }));
    const features = { x: numeric({ values: { minCount: 2 } }) };
    const table = fromRows(rows, { features, tasks: { y: binary() } });
    const { arrays } = encode(table, fitSchema(table));
    expect([...arrays.ids]).toEqual([2, 2, 2, 3, 3, 0, 1]);
  });
});

import { describe, expect, test } from 'vitest';
import { expectClose, scipyValues } from '../testing/scipy-values.ts';
import { meanInterval } from './mean-interval.ts';
import { pairedDifference } from './paired-tests.ts';

const a = [0.9512, 0.9498, 0.953, 0.9507, 0.9521, 0.9489];
const b = [0.949, 0.9491, 0.9502, 0.951, 0.9499, 0.9476];

test('known values (mpmath)', () => {
  const result = pairedDifference(a, b);
  expect(result.mean).toBeCloseTo(0.00148333333333333, 14);
  expect(result.deviation).toBeCloseTo(0.00114789662716931, 14);
  expect(result.t).toBeCloseTo(3.16527612254451, 10);
  expect(result.pValue).toBeCloseTo(0.0249468616861853, 11);
  expect(result.low).toBeCloseTo(0.000278689701865471, 13);
  expect(result.high).toBeCloseTo(0.0026879769648012, 13);
  expect(result.n).toBe(6);
});

test.each(Object.entries(scipyValues.paired))(
  '%s: as SciPy’s ttest_rel has it',
  (_, { a, b, t, pValue, low, high }) => {
    const result = pairedDifference(a, b);
    expectClose(result.t, t, 1e-10);
    expectClose(result.pValue, pValue, 1e-9);
    expectClose(result.low, low, 1e-9);
    expectClose(result.high, high, 1e-9);
  },
);

test('turned around it has the other sign and the same p value', () => {
  const [there, back] = [pairedDifference(a, b, { confidence: 0.8 }), pairedDifference(b, a, { confidence: 0.8 })];
  expect(back.mean).toBe(-there.mean);
  expect(back.low).toBeCloseTo(-there.high, 15);
  expect(back.pValue).toBe(there.pValue);
});

test('the p value is where the interval begins to hold 0', () => {
  const { pValue } = pairedDifference(a, b);
  expect(pairedDifference(a, b, { confidence: 1 - pValue }).low).toBeCloseTo(0, 12);
});

test('sees through what both have in common', () => {
  const seeds = [0.1, 0.9, 0.4, 0.7];
  const better = seeds.map((value, i) => value + 0.01 + 0.001 * (i % 2));
  expect(pairedDifference(better, seeds).low).toBeGreaterThan(0.009);
  expect(meanInterval(better).low).toBeLessThan(meanInterval(seeds).mean);
});

test('no spread: p is 1 for no difference and 0 for the same one everywhere; one pair has no test', () => {
  expect(pairedDifference([1, 2], [1, 2])).toMatchObject({ mean: 0, t: NaN, pValue: 1 });
  expect(pairedDifference([2, 3], [1, 2])).toMatchObject({ mean: 1, low: 1, high: 1, t: Infinity, pValue: 0 });
  expect(pairedDifference([2], [1])).toMatchObject({ mean: 1, low: NaN, t: NaN, pValue: NaN, n: 1 });
  expect(pairedDifference([NaN, 2], [1, 2])).toMatchObject({ mean: NaN, pValue: NaN });
});

test.each<[() => unknown, string]>([
  [() => pairedDifference([1, 2], [1]), 'pairedDifference: got 2 and 1 values; expected pairs'],
  [() => pairedDifference([], []), 'pairedDifference: got no a; expected at least one value'],
  [() => pairedDifference([1, Infinity], [1, 2]), 'pairedDifference: got a[1] = Infinity'],
  [() => pairedDifference([1, 2], [1, '2'] as never), 'pairedDifference: got b[1] = "2"'],
  [() => pairedDifference([1, Infinity], [1, Infinity]), 'pairedDifference: got a[1] = Infinity'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

describe('over folds, with testToTrain', () => {
  test('known values (SciPy, with the corrected deviation of scikit-learn’s example)', () => {
    const { t, pValue, low, high } = pairedDifference(a, b, { testToTrain: 1 / 2 });
    expect(t).toBeCloseTo(1.58263806127225, 10);
    expect(pValue).toBeCloseTo(0.174350878657235, 11);
    expect(low).toBeCloseTo(-0.000925953929602386, 13);
    expect(high).toBeCloseTo(0.00389262059626902, 13);
  });

  test('the variance of the mean has the factor 1 / n + testToTrain', () => {
    const [plain, corrected] = [pairedDifference(a, b), pairedDifference(a, b, { testToTrain: 0.25 })];
    expect((plain.t / corrected.t) ** 2).toBeCloseTo((1 / 6 + 0.25) / (1 / 6), 12);
    expect(corrected.mean).toBe(plain.mean);
    expect(corrected.deviation).toBe(plain.deviation);
    expect(pairedDifference(a, b, { testToTrain: 0 })).toEqual(plain);
  });

  test('repetitions of folds never narrow the interval below that of testToTrain', () => {
    const many = (times: number) =>
      pairedDifference(Array(times).fill(a).flat(), Array(times).fill(b).flat(), { testToTrain: 0.25 });
    const { high, mean, deviation } = many(200);
    expect(high - mean).toBeGreaterThan(1.95 * deviation * Math.sqrt(0.25));
  });

  test('a ratio below 0 is refused', () => {
    expect(() => pairedDifference(a, b, { testToTrain: -1 })).toThrow(
      'Expected a number of 0 or more for pairedDifference.testToTrain, received -1',
    );
  });
});

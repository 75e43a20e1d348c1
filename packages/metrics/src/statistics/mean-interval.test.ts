import { expect, test } from 'vitest';
import { meanInterval } from './mean-interval.ts';

const values = [0.9512, 0.9498, 0.953, 0.9507, 0.9521, 0.9489];

test.each([
  [undefined, 0.949381102492926, 0.952518897507074],
  [0.9, 0.949720159998126, 0.952179840001874],
  [0.99, 0.948489071121032, 0.953410928878968],
])('at confidence %s (mpmath)', (confidence, low, high) => {
  const interval = meanInterval(values, { confidence });
  expect(interval.mean).toBeCloseTo(0.95095, 14);
  expect(interval.deviation).toBeCloseTo(0.00149499163877261, 14);
  expect(interval.low).toBeCloseTo(low, 13);
  expect(interval.high).toBeCloseTo(high, 13);
  expect(interval.n).toBe(6);
});

test('covers the true mean as often as it promises', () => {
  let state = 12345;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let covered = 0;
  for (let trial = 0; trial < 4000; trial++) {
    const { low, high } = meanInterval(Array.from({ length: 4 }, normal), { confidence: 0.9 });
    if (low < 0 && high > 0) covered++;
  }
  expect(covered / 4000).toBeGreaterThan(0.88); // 4 standard errors are .019
  expect(covered / 4000).toBeLessThan(0.92);
});

test('one value has no interval, equal values an empty one', () => {
  expect(meanInterval([0.5])).toEqual({ mean: 0.5, low: NaN, high: NaN, deviation: NaN, n: 1 });
  expect(meanInterval(Float32Array.of(0.5, 0.5))).toEqual({ mean: 0.5, low: 0.5, high: 0.5, deviation: 0, n: 2 });
});

test('an undefined metric makes the interval undefined', () => {
  expect(meanInterval([0.5, NaN, 0.6])).toEqual({ mean: NaN, low: NaN, high: NaN, deviation: NaN, n: 3 });
});

test.each<[() => unknown, string]>([
  [() => meanInterval([]), 'meanInterval: got no values; expected at least one value'],
  [() => meanInterval([1, -Infinity]), 'meanInterval: got values[1] = -Infinity'],
  [() => meanInterval([1, '2'] as never), 'meanInterval: got values[1] = "2"'],
  [() => meanInterval(3 as never), 'meanInterval: got 3 for values'],
  [
    () => meanInterval([1, 2], { confidence: 95 }),
    'Expected a number in (0, 1) for meanInterval.confidence, received 95.',
  ],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

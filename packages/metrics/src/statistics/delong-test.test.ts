import { expect, test } from 'vitest';
import { expectClose, scipyValues } from '../testing/scipy-values.ts';
import { counterRandom } from './counter-random.ts';
import { delongInterval, delongTest } from './delong.ts';

const { labels, a, b, aucs, differenceVariance, z, pValue } = scipyValues.delong;

test('from pairs, by its definition', () => {
  const found = delongTest(labels, a, b);
  expectClose(found.difference, aucs[0]! - aucs[1]!, 1e-12);
  expectClose(found.aucs[1], aucs[1]!, 1e-13);
  expectClose(found.variance, differenceVariance, 1e-12);
  expectClose(found.z, z, 1e-12);
  expectClose(found.pValue, pValue, 1e-11);
});

test('turned around it has the other sign; the p value is where the interval begins to hold 0', () => {
  const [there, back] = [delongTest(labels, a, b), delongTest(labels, b, a)];
  expect(back.difference).toBe(-there.difference);
  expect(back.pValue).toBeCloseTo(there.pValue, 14);
  const { low, high } = delongTest(labels, a, b, { confidence: 1 - there.pValue });
  expect(Math.min(Math.abs(low), Math.abs(high))).toBeLessThan(1e-10);
});

test('sees through what both find hard: less variance than of two AUCs apart', () => {
  const apart = delongInterval(labels, a).variance + delongInterval(labels, b).variance;
  expect(delongTest(labels, a, b).variance).toBeLessThan(0.6 * apart);
});

test('claims a difference between equals at its level', () => {
  const random = counterRandom(9);
  const trials = 500;
  let claims = 0;
  for (let trial = 0; trial < trials; trial++) {
    const rows = Array.from({ length: 150 }, (_, i) => Number(i < 50));
    const common = rows.map((label) => label + 2 * random());
    const [x, y] = [0, 1].map(() => common.map((score) => score + random()));
    claims += Number(delongTest(rows, x!, y!).pValue < 0.1);
  }
  expect(Math.abs(claims / trials - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / trials));
});

test('the same order says nothing: p is 1; one row of a class has no test', () => {
  expect(
    delongTest(
      labels,
      a,
      a.map((score) => 2 * score),
    ),
  ).toMatchObject({ difference: 0, low: 0, high: 0, z: NaN, pValue: 1 });
  expect(delongTest([0, 0, 1], [1, 2, 3], [3, 2, 1])).toMatchObject({ difference: 1, low: NaN, pValue: NaN });
});

test('refuses weights and what is no score of these rows', () => {
  expect(() => delongTest(labels, a, b, { weights: a } as never)).toThrow('delongTest: got sample weights');
  expect(() => delongTest(labels, a, b.slice(1))).toThrow('delongTest: got 79 scores for 80 labels');
  expect(() => delongTest(labels, a, b, { confidence: 0 })).toThrow(
    'Expected a number in (0, 1) for delongTest.confidence, received 0.',
  );
});

import { expect, test } from 'vitest';
import { expectClose, scipyValues } from '../testing/scipy-values.ts';
import { signTest } from './paired-tests.ts';

test.each(Object.entries(scipyValues.paired))('%s: as SciPy’s binomial test has it', (_, { a, b, sign }) => {
  expectClose(signTest(a, b).pValue, sign, 1e-12);
});

test('by hand: 1 of 5, 0 of 6, halves, ties', () => {
  expect(signTest([1, 1, 1, 1, 0], [0, 0, 0, 0, 1])).toEqual({
    positive: 4,
    negative: 1,
    ties: 0,
    pValue: expect.closeTo((2 * 6) / 32, 13),
  });
  expect(signTest([0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1]).pValue).toBeCloseTo(2 / 64, 14);
  expect(signTest([1, 0, 3], [0, 1, 3])).toEqual({ positive: 1, negative: 1, ties: 1, pValue: 1 });
  expect(signTest([3], [3])).toEqual({ positive: 0, negative: 0, ties: 1, pValue: 1 });
});

test('two classifiers’ right and wrong rows: the exact McNemar test of 12 against 3', () => {
  const first = [...new Array<number>(12).fill(1), 0, 0, 0, ...new Array<number>(50).fill(1)];
  const second = [...new Array<number>(12).fill(0), 1, 1, 1, ...new Array<number>(50).fill(1)];
  expect(signTest(first, second).pValue).toBeCloseTo((2 * (1 + 15 + 105 + 455)) / 2 ** 15, 13);
});

test('an undefined value has no p value; what is no pair is refused', () => {
  expect(signTest([1, NaN], [0, 0])).toEqual({ positive: 1, negative: 0, ties: 0, pValue: NaN });
  expect(() => signTest([1], [1, 2])).toThrow('signTest: got 1 and 2 values; expected pairs');
});

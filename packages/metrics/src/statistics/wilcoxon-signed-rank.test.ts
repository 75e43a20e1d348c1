import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose, scipyPairs } from '../testing/scipy-values.ts';
import { wilcoxonSignedRank } from './paired-tests.ts';

test.each(scipyPairs)('%s: as SciPy has it', (_, { a, b, wilcoxonExact, wilcoxonNormal }) => {
  expectClose(wilcoxonSignedRank(a, b, { method: 'normal' }).pValue, wilcoxonNormal, 1e-11);
  if (wilcoxonExact !== undefined) expectClose(wilcoxonSignedRank(a, b).pValue, wilcoxonExact, 1e-12);
});

test('the exact distribution counts all signs, with ties as they are', () => {
  const ranksOf = (sizes: readonly number[]) =>
    sizes.map(
      (size) =>
        1 + sizes.filter((other) => other < size).length + (sizes.filter((other) => other === size).length - 1) / 2,
    );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 8 }), (given) => {
      const differences = given.filter((difference) => difference !== 0);
      const ranks = ranksOf(differences.map(Math.abs));
      const middle = ranks.reduce((x, y) => x + y, 0) / 2;
      const distance = (positive: (i: number) => boolean) =>
        Math.abs(ranks.reduce((sum, rank, i) => sum + (positive(i) ? rank : 0), 0) - middle);
      const observed = distance((i) => differences[i]! > 0);
      const all = Array.from({ length: 2 ** ranks.length }, (_, signs) => distance((i) => ((signs >> i) & 1) === 1));
      const share = all.filter((one) => one >= observed).length / all.length;
      expect(
        wilcoxonSignedRank(
          given,
          given.map(() => 0),
        ).pValue,
      ).toBeCloseTo(share, 12);
    }),
  );
});

test('exact up to 50 differences, then normal; zeros are left out', () => {
  const a = Array.from({ length: 51 }, (_, i) => (i % 3 === 0 ? -i : i));
  expect(
    wilcoxonSignedRank(
      a,
      a.map(() => 0),
    ),
  ).toMatchObject({ n: 50, method: 'exact' });
  expect(wilcoxonSignedRank([...a, 60], [...a.map(() => 0), 0])).toMatchObject({ n: 51, method: 'normal' });
  const exact = wilcoxonSignedRank(
    a,
    a.map(() => 0),
  ).pValue;
  expect(
    wilcoxonSignedRank(
      a,
      a.map(() => 0),
      { method: 'normal' },
    ).pValue / exact,
  ).toBeCloseTo(1, 1);
});

test('the ends: all one way, no difference, an undefined value', () => {
  expect(wilcoxonSignedRank([1, 2, 3, 4, 5], [0, 0, 0, 0, 0])).toEqual({
    positive: 15,
    negative: 0,
    pValue: 2 / 32,
    n: 5,
    method: 'exact',
  });
  expect(wilcoxonSignedRank([1, 2], [1, 2])).toEqual({ positive: 0, negative: 0, pValue: 1, n: 0, method: 'exact' });
  expect(wilcoxonSignedRank([1, NaN], [0, 0]).pValue).toBeNaN();
});

test.each<[() => unknown, string]>([
  [() => wilcoxonSignedRank([1, 2], [1]), 'wilcoxonSignedRank: got 2 and 1 values; expected pairs'],
  [() => wilcoxonSignedRank([1, Infinity], [1, 2]), 'wilcoxonSignedRank: got a[1] = Infinity'],
  [
    () => wilcoxonSignedRank([1], [2], { method: 'auto' as never }),
    'Expected one of "exact", "normal" for wilcoxonSignedRank.method, received "auto"',
  ],
  [
    () =>
      wilcoxonSignedRank(
        Array.from({ length: 51 }, (_, i) => i + 1),
        new Float64Array(51),
        { method: 'exact' },
      ),
    `method = "exact"; expected one of 'normal'`,
  ],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

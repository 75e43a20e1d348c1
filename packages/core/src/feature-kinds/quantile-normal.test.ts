import { describe, expect, it } from 'vitest';
import { declaringOf } from '../features/feature-kind.ts';
import { rowEncoder } from '../features/rows.ts';
import { quantileNormal } from './quantile-normal.ts';

interface Fitted {
  readonly kind: string;
  readonly quantiles: readonly number[];
}

const fitted = (numbers: Iterable<number>, declared = quantileNormal()): Fitted => {
  const fit = declaringOf('quantile-normal')!.fit(declared);
  for (const x of numbers) fit.add!(x, 1);
  return fit.finish() as Fitted;
};

const encoded = (feature: Fitted, values: readonly unknown[]): number[][] => {
  const { numeric } = rowEncoder({ features: { age: feature } })(values.map((age) => ({ age })));
  return values.map((_, row) => [...numeric.subarray(2 * row, 2 * row + 2)]);
};

const numbersOf = (feature: Fitted, values: readonly unknown[]) => encoded(feature, values).map(([x]) => x!);

const VALUES = [13, 1, 0, 1, 2, 40, 3, 5, 1, 8];

describe('a number by its rank', () => {
  it("has the numbers of scikit-learn's QuantileTransformer, with a quantile for each row", () => {
    const feature = fitted(VALUES);
    expect(feature.quantiles).toEqual([0, 1, 1, 1, 2, 3, 5, 8, 13, 40]);
    const numbers = numbersOf(feature, [-1, 0, 0.5, 1, 1.5, 2, 4, 13, 39, 40, 100]);
    const pinned = [
      -5.1993376, -5.1993376, -1.5932188, -0.7647097, -0.2822161, -0.1397103, 0.2822161, 1.2206403, 2.6424668,
      5.1993376, 5.1993376,
    ]; // 1 is three times there: its rank is the middle one
    numbers.forEach((number, i) => expect(number).toBeCloseTo(pinned[i]!, 5));
  });

  it('has its numbers with fewer quantiles than rows, too', () => {
    const feature = fitted(VALUES, quantileNormal({ count: 5 }));
    expect(feature.quantiles).toEqual([0, 1, 2.5, 7.25, 40]);
    const numbers = numbersOf(feature, [0.5, 1, 1.5, 2, 4, 13, 39]);
    const pinned = [-1.1503494, -0.6744898, -0.4307273, -0.2104284, 0.1992013, 0.8200042, 2.4259785];
    numbers.forEach((number, i) => expect(number).toBeCloseTo(pinned[i]!, 5));
    expect(fitted(Array.from({ length: 5000 }, (_, i) => i)).quantiles).toHaveLength(1000);
  });

  it('is standard normal on the rows that it was fitted to, whatever their scale', () => {
    const numbers = Array.from({ length: 1001 }, (_, i) => Math.exp(((i * 7919) % 1001) / 50) * 1e-12);
    const inner = numbersOf(fitted(numbers), numbers).filter((x) => Math.abs(x) < 5);
    const mean = inner.reduce((sum, x) => sum + x, 0) / inner.length;
    const variance = inner.reduce((sum, x) => sum + (x - mean) ** 2, 0) / inner.length;
    expect(inner).toHaveLength(999);
    expect(mean).toBeCloseTo(0, 3);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  });

  it('says what is missing, also in a column with one number or none', () => {
    expect(encoded(fitted([1, 2, 3]), [null, 2])).toEqual([
      [0, 1],
      [0, 0],
    ]);
    for (const numbers of [[5, 5], []]) {
      expect(encoded(fitted(numbers), [5, null, 7])).toEqual([
        [0, 0],
        [0, 1],
        [0, 0],
      ]);
    }
  });

  it('holds numbers as large as doubles are', () => {
    const feature = fitted([-1.5e308, 1.5e308, 1.5e308, 0]);
    expect(feature.quantiles).toEqual([-1.5e308, 0, 1.5e308, 1.5e308]);
    expect(numbersOf(fitted([-1.5e308, 1.5e308]), [0])).toEqual([0]);
  });

  it('refuses what is no number, and a count out of range', () => {
    expect(() => encoded(fitted([1, 2]), ['old'])).toThrow(
      'a finite number, or null where it is missing for feature "age"',
    );
    for (const count of [1, 1001, 2.5]) {
      expect(() => quantileNormal({ count })).toThrow('a whole number in [2, 1000] for quantile-normal.count');
    }
  });
});

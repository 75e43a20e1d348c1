import { describe, expect, it } from 'vitest';
import { declaringOf } from '../features/feature-kind.ts';
import { rowEncoder } from '../features/rows.ts';
import { piecewiseLinear } from './piecewise-linear.ts';

interface Fitted {
  readonly kind: string;
  readonly edges: readonly number[];
}

const fitted = (numbers: Iterable<number>, declared = piecewiseLinear()): Fitted => {
  const fit = declaringOf('piecewise-linear')!.fit(declared);
  for (const x of numbers) fit.add!(x, 1);
  return fit.finish() as Fitted;
};

const encoded = (feature: Fitted, values: readonly unknown[]): number[][] => {
  const { numeric } = rowEncoder({ features: { age: feature } })(values.map((age) => ({ age })));
  const width = numeric.length / values.length;
  return values.map((_, row) => [...numeric.subarray(row * width, (row + 1) * width)]);
};

describe('a number in parts', () => {
  it('has edges at quantiles, from the least number to the largest', () => {
    const numbers = Array.from({ length: 1001 }, (_, i) => (i * 7919) % 1001);
    expect(fitted(numbers, piecewiseLinear({ count: 4 })).edges).toEqual([0, 250, 500, 750, 1000]);
    expect(fitted([1, 1, 1, 1, 1, 1, 2, 3], piecewiseLinear({ count: 4 })).edges).toEqual([1, 2, 3]);
  });

  it('is 1 in the parts below it, 0 in those above, and goes on beyond the edges', () => {
    const feature: Fitted = { kind: 'piecewise-linear', edges: [0, 1, 3, 7] };
    expect(encoded(feature, [2, 3, 6, -1.5, 9])).toEqual([
      [1, 0.5, 0, 0],
      [1, 1, 0, 0],
      [1, 1, 0.75, 0],
      [-1.5, 0, 0, 0],
      [1, 1, 1.5, 0],
    ]);
  });

  it('says what is missing, also in a column with one number or none', () => {
    expect(encoded({ kind: 'piecewise-linear', edges: [0, 1, 3] }, [null, 0])).toEqual([
      [0, 0, 1],
      [0, 0, 0],
    ]);
    for (const numbers of [[5, 5], []]) expect(encoded(fitted(numbers), [5, null])).toEqual([[0], [1]]);
  });

  it('refuses what is no number, or is too far off for 32 bits', () => {
    const feature = fitted([0, 1e-3, 2e-3, 3e-3], piecewiseLinear({ count: 2 }));
    expect(() => encoded(feature, ['old'])).toThrow('a finite number, or null where it is missing for feature "age"');
    expect(() => encoded(feature, [1e38])).toThrow('a number near 0 to 0.003 for feature "age", received 1e+38');
    expect(() => piecewiseLinear({ count: 1 })).toThrow('a whole number of 2 or more for piecewise-linear.count');
  });
});

import { describe, expect, it } from 'vitest';
import { decodeFeatures, rowEncoder } from '../features/rows.ts';
import { declaringOf } from '../features/feature-kind.ts';
import { buckets } from './buckets.ts';

interface Fitted {
  readonly kind: string;
  readonly edges: readonly number[];
}

const fitted = (numbers: Iterable<number>, declared = buckets()): Fitted => {
  const fit = declaringOf('buckets')!.fit(declared);
  for (const x of numbers) fit.add!(x, 1);
  return fit.finish() as Fitted;
};

const namesOf = (feature: Fitted, values: readonly unknown[]) => {
  const schema = { features: { age: feature } };
  return decodeFeatures(rowEncoder(schema)(values.map((age) => ({ age }))), schema)[0]!.values;
};

describe('buckets', () => {
  it('have about as many training rows each', () => {
    const numbers = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
    const feature = fitted(numbers, buckets({ count: 4 }));
    expect(feature.edges).toEqual([250, 500, 750]);
  });

  it('are fewer where numbers repeat, and one where all are equal or none is there', () => {
    expect(fitted([1, 1, 1, 1, 1, 1, 2, 3], buckets({ count: 4 })).edges).toEqual([2]);
    expect(fitted([5, 5, 5]).edges).toEqual([]);
    expect(fitted([]).edges).toEqual([]);
    expect(namesOf(fitted([5, 5]), [5, -1, null])).toEqual(['any number', 'any number', null]);
  });

  it('hold their lower edge', () => {
    const feature = fitted([], buckets({ edges: [18, 65.5] }));
    expect(namesOf(feature, [17.9, 18, 65.5, 1e300, -3, null, true])).toEqual([
      'below 18',
      '18 to below 65.5',
      '65.5 or more',
      '65.5 or more',
      'below 18',
      null,
      'below 18',
    ]);
  });

  it('come from a part of many rows, whose order has no effect on the shares', () => {
    const count = 2 ** 19 + 5;
    const ascending = fitted(Array.from({ length: count }, (_, i) => i), buckets({ count: 2 })); // prettier-ignore
    expect(Math.abs(ascending.edges[0]! / count - 0.5)).toBeLessThan(0.01);
  });

  it('refuse edges that do not ascend, and a count beside edges', () => {
    expect(() => buckets({ edges: [2, 2] })).toThrow(
      'Expected edges that ascend for buckets, or a count of buckets, received [2,2]',
    );
    expect(() => buckets({ edges: [2], count: 3 })).toThrow('received both');
    expect(() => buckets({ count: 1 })).toThrow('a whole number of 2 or more for buckets.count');
    expect(() => namesOf(fitted([1, 2]), ['old'])).toThrow(
      'a finite number, or null where it is missing for feature "age"',
    );
  });
});

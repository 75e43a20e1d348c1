import fc from 'fast-check';
import { expect, test } from 'vitest';
import { midRanks, tieCorrection } from './mid-ranks.ts';

test('equal values share the mean of their places', () => {
  expect([...midRanks(Float64Array.of(5, 2, 5, -1, 5))]).toEqual([4, 2, 4, 1, 4]);
  expect([...midRanks(Float64Array.of(0, -0))]).toEqual([1.5, 1.5]);
  expect([...midRanks(new Float64Array(0))]).toEqual([]);
  expect(tieCorrection(Float64Array.of(5, 2, 5, -1, 5, 2))).toBe(24 + 6);
});

test('a rank is 1 + how many are smaller + half of the other equals', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 }), (values) => {
      const counted = values.map((value) => {
        const smaller = values.filter((other) => other < value).length;
        return 1 + smaller + (values.filter((other) => other === value).length - 1) / 2;
      });
      expect([...midRanks(Float64Array.from(values))]).toEqual(counted);
    }),
  );
});

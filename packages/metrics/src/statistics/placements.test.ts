import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placementMoments, placementsOf } from './delong.ts';

test('are the shares of pairs that each row wins, ties counting half', () => {
  const row = fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: -3, max: 3 }));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const scoresOf = (label: number) => rows.filter(([y]) => y === label).map(([, score]) => score);
      const [positives, negatives] = [scoresOf(1), scoresOf(0)];
      const wins = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
      const share = (won: number[]) => won.reduce((sum, one) => sum + one, 0) / won.length;
      const [found] = placementsOf(
        'test',
        rows.map(([y]) => y),
        [rows.map(([, score]) => score)],
      );
      if (negatives.length > 0)
        positives.forEach((a, i) =>
          expect(found!.positive[i]).toBeCloseTo(share(negatives.map((b) => wins(a, b))), 13),
        );
      if (positives.length > 0)
        negatives.forEach((b, i) =>
          expect(found!.negative[i]).toBeCloseTo(share(positives.map((a) => wins(a, b))), 13),
        );
      expect([found!.positive.length, found!.negative.length]).toEqual([positives.length, negatives.length]);
    }),
  );
});

test('moments by hand', () => {
  const { mean, variance } = placementMoments({
    positive: Float64Array.of(1, 0.5),
    negative: Float64Array.of(1, 1, 0.25),
  });
  expect(mean).toBe(0.75);
  expect(variance).toBeCloseTo(0.125 / 2 + 0.1875 / 3, 15);
});

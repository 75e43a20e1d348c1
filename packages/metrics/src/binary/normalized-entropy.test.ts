import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalizedEntropy } from './losses.ts';

const labels = [1, 0, 1, 1, 0];
const probabilities = [0.9, 0.2, 0.6, 0.3, 0.1];

test('known values (mpmath, 30 digits)', () => {
  expect(normalizedEntropy(labels, probabilities)).toBeCloseTo(0.638521771924122, 14);
  expect(normalizedEntropy(labels, probabilities, [1, 2, 0, 3, 0.5])).toBeCloseTo(0.973546844610898, 14);
});

test('is 1 for the base rate, and above 1 for any other constant', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (ones, zeros, guess) => {
        const y = [...Array<number>(ones).fill(1), ...Array<number>(zeros).fill(0)];
        const rate = ones / (ones + zeros);
        fc.pre(Math.abs(guess - rate) > 1e-3);
        expect(
          normalizedEntropy(
            y,
            y.map(() => rate),
          ),
        ).toBeCloseTo(1, 10);
        expect(
          normalizedEntropy(
            y,
            y.map(() => guess),
          ),
        ).toBeGreaterThan(1);
      },
    ),
  );
});

test('is undefined with one class', () => {
  expect(normalizedEntropy([1, 1], [0.9, 0.8])).toBeNaN();
  expect(normalizedEntropy([0, 0], [0.1, 0.2])).toBeNaN();
  expect(normalizedEntropy([0, 1], [0.1, 0.2], [1, 0])).toBeNaN();
});

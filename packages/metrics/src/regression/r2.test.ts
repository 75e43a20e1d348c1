import { expect, test } from 'vitest';
import { r2 } from './errors.ts';

test('by hand: the mean explains nothing, the labels all, worse than the mean is negative', () => {
  expect(r2([1, 2, 6], [3, 3, 3])).toBe(0);
  expect(r2([1, 2, 6], [1, 2, 6])).toBe(1);
  expect(r2([1, 3], [3, 1])).toBeCloseTo(1 - 8 / 2, 15);
});

test('is undefined where labels don’t vary', () => {
  expect(r2([2, 2], [1, 3])).toBeNaN();
  expect(r2([2], [2])).toBeNaN();
  expect(r2([], [])).toBeNaN();
  expect(r2([1, 5], [1, 5], [1, 0])).toBeNaN();
});

test('labels far from 0 keep their digits, through merges too', () => {
  const far = 1e6; // squares of 1e12: Σ y² − (Σ y)² / n would keep four decimals
  const [labels, predictions] = [
    [1, 2, 6, 3],
    [1.5, 2, 5, 3],
  ];
  const state = (from: number, to: number) =>
    r2
      .metric()
      .create()
      .update(
        labels.slice(from, to).map((y) => y + far),
        predictions.slice(from, to).map((p) => p + far),
      );
  expect(state(0, 4).compute()).toBeCloseTo(r2(labels, predictions), 11);
  expect(state(0, 1).merge(state(1, 4)).compute()).toBeCloseTo(r2(labels, predictions), 11);
});

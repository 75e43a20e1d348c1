import { expect, test } from 'vitest';
import { multiclassAccuracy } from './multiclass.ts';

test('the highest score of each row, whatever its scale', () => {
  const logits = Float32Array.of(-1, 2, 0, 5, -7, 1, -3, -2, -4);
  expect(multiclassAccuracy([1, 0, 1], logits)).toBe(1);
  expect(multiclassAccuracy([1, 0, 2], logits)).toBeCloseTo(2 / 3, 15);
  expect(multiclassAccuracy([1, 2, 2], logits, [2, 1, 1])).toBe(0.5);
});

test('among equal scores the first class wins', () => {
  expect(multiclassAccuracy([0, 1], [0.5, 0.5, 0.5, 0.5])).toBe(0.5);
});

import { expect, test } from 'vitest';
import { accuracy } from './decisions.ts';

const [labels, probabilities] = [
  [1, 0, 1, 0],
  [0.5, 0.49, 0.3, 0.7],
];

test('a probability at the threshold counts as positive', () => {
  expect(accuracy(labels, probabilities)).toBe(0.5);
  expect(accuracy(labels, probabilities, { threshold: 0.3 })).toBe(0.5);
  expect(accuracy(labels, probabilities, { threshold: 0.51 })).toBe(0.25);
  expect(accuracy(labels, probabilities, { threshold: 0.8, mask: [0, 1, 0, 1] })).toBe(1);
});

test('weights', () => {
  expect(accuracy(labels, probabilities, [5, 1, 1, 1])).toBe(0.75);
});

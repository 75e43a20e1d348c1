import { expect, test } from 'vitest';
import { auc } from '../binary/areas.ts';
import { asOptions } from './measure.ts';

const [labels, scores] = [
  [0, 1, 0, 1],
  [0.1, 0.2, 0.3, 0.4],
];

test('weights alone and weights among options mean the same', () => {
  // Pairs won: (1, 0): 3·1, (3, 0): 4·1, (3, 2): 4·1, of (3 + 4)(1 + 1).
  expect(auc(labels, scores, [1, 3, 1, 4])).toBeCloseTo(11 / 14, 14);
  expect(auc(labels, scores, { weights: Float32Array.of(1, 3, 1, 4) })).toBeCloseTo(11 / 14, 14);
});

test('a mask keeps rows with 1 or true', () => {
  expect(auc(labels, scores, { mask: [1, 1, 0, 1] })).toBe(1);
  expect(auc(labels, scores, { mask: [true, true, true, false] })).toBe(0.5);
  expect(auc(labels, scores, { mask: undefined, weights: undefined })).toBe(0.75);
});

test.each([5, 'weights', null, true])('refuses %o', (given) => {
  expect(() => asOptions('auc', given as never)).toThrow('expected an array of sample weights or an options object');
});

import { expect, test } from 'vitest';
import { auc } from '../binary/areas.ts';
import { expectedCalibrationError } from '../binary/calibration.ts';
import { groupedAuc, groupedAucSummary } from '../ranking/ranking.ts';

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
  expect(() => auc(labels, scores, given as never)).toThrow('expected an array of sample weights or an options object');
});

const weight = [1, 1, 1, 1];

test.each([
  ['auc', "'weights', 'mask'", (options: object) => auc(labels, scores, options)],
  [
    'expectedCalibrationError',
    "'weights', 'mask', 'bins'",
    (options: object) => expectedCalibrationError(labels, scores, options),
  ],
  ['groupedAuc', "'weights', 'mask', 'weighting'", (options: object) => groupedAuc(labels, scores, weight, options)],
  [
    'groupedAucSummary',
    "'weights', 'mask', 'weighting'",
    (options: object) => groupedAucSummary(labels, scores, weight, options),
  ],
  ['auc', "'weights', 'mask', 'groups'", (options: object) => auc.metric().create().update(labels, scores, options)],
])('%s refuses an unknown option, and names %s', (where, known, call) => {
  expect(() => call({ weight })).toThrow(`${where}: got an option = "weight"; expected one of ${known}.`);
});

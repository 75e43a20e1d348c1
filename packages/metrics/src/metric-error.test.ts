import { expect, test } from 'vitest';
import { binnedAuc } from './binary/areas.ts';
import { expectedCalibrationError } from './binary/calibration.ts';
import { accuracy } from './binary/decisions.ts';
import { logLoss, normalizedEntropy } from './binary/losses.ts';
import { MetricError, show } from './metric-error.ts';
import { multiclassLogLoss } from './multiclass/multiclass.ts';
import { groupedAuc, ndcgAt } from './ranking/ranking.ts';

test('says what was received, what was expected and how to fix it', () => {
  const error = new MetricError('auc', 'labels[2] = 3', '0 or 1', 'Binarize the labels.');
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('MetricError');
  expect(error.message).toBe('auc: got labels[2] = 3; expected 0 or 1. Binarize the labels.');
});

test.each([
  ['1', '"1"'],
  [1, '1'],
  [-0, '0'],
  [1n, '1n'],
  [NaN, 'NaN'],
  [null, 'null'],
  [undefined, 'undefined'],
  [true, 'true'],
  [[1, 2], 'Array of length 2'],
  [new Float32Array(3), 'Float32Array of length 3'],
  [{ a: 1 }, 'an object'],
])('shows %o as %s', (value, shown) => {
  expect(show(value)).toBe(shown);
});

test.each<[() => unknown, string]>([
  [() => binnedAuc.metric({ bins: 0 }), 'binnedAuc: got bins = 0; expected a whole number >= 1. '],
  [() => binnedAuc.metric({ bins: '9' as never }), 'binnedAuc: got bins = "9"'],
  [() => expectedCalibrationError.metric({ bins: 2.5 }), 'expectedCalibrationError: got bins = 2.5'],
  [() => ndcgAt(Infinity), 'ndcg: got k = Infinity'],
  [() => ndcgAt(5, { gain: 'log' as never }), "ndcg: got gain = \"log\"; expected one of 'exponential', 'linear'. "],
  [
    () => groupedAuc.metric({ weighting: 'clicks' as never }),
    'groupedAuc: got weighting = "clicks"; expected one of \'impressions\'',
  ],
  [
    () => accuracy.metric({ threshold: 1 }),
    'accuracy: got threshold = 1; expected a number between 0 and 1, both excluded. ',
  ],
  [() => logLoss.metric({ epsilon: 0 }), 'logLoss: got epsilon = 0'],
  [() => normalizedEntropy.metric({ epsilon: NaN }), 'normalizedEntropy: got epsilon = NaN'],
  [() => multiclassLogLoss.metric({ epsilon: 0.5 }), 'multiclassLogLoss: got epsilon = 0.5'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

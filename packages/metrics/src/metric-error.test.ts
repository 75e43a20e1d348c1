import { expect, test } from 'vitest';
import { MetricError, show } from './metric-error.ts';

test('says what was received, what was expected and how to mend it', () => {
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

import { expect, test } from 'vitest';
import { logLoss } from './losses.ts';

const labels = [1, 0, 1, 1, 0];
const probabilities = [0.9, 0.2, 0.6, 0.3, 0.1];

test('known values (mpmath, 30 digits)', () => {
  expect(logLoss(labels, probabilities)).toBeCloseTo(0.429732602144358, 14);
  expect(logLoss(labels, probabilities, [1, 2, 0, 3, 0.5])).toBeCloseTo(0.648653275245072, 14);
  expect(logLoss([0, 1], [0.5, 0.5])).toBeCloseTo(Math.LN2, 15);
});

test('clips, so that certainty that is wrong costs −log epsilon', () => {
  expect(logLoss([0], [1])).toBeCloseTo(-Math.log(1e-7), 8);
  expect(logLoss([1], [0])).toBeCloseTo(-Math.log(1e-7), 12);
  expect(logLoss([1], [0], { epsilon: 1e-15 })).toBeCloseTo(-Math.log(1e-15), 12);
  expect(logLoss([1], [1])).toBeCloseTo(1e-7, 12); // and certainty that is right costs epsilon
});

test('is defined with one class, undefined without rows', () => {
  expect(logLoss([1, 1], [0.5, 0.25])).toBeCloseTo(1.5 * Math.LN2, 15);
  expect(logLoss([], [])).toBeNaN();
});

test('refuses logits', () => {
  expect(() => logLoss([0, 1], Float32Array.of(0.5, 1.5))).toThrow(
    'logLoss: got probabilities[1] = 1.5; expected a probability in [0, 1]',
  );
});

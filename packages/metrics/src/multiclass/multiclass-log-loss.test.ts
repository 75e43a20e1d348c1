import { expect, test } from 'vitest';
import { logLoss } from '../binary/losses.ts';
import { multiclassLogLoss } from './multiclass.ts';

test('by hand', () => {
  expect(multiclassLogLoss([2, 0], [0.25, 0.25, 0.5, 0.125, 0.75, 0.125])).toBeCloseTo(2 * Math.LN2, 14);
  expect(multiclassLogLoss([2, 0], [0.25, 0.25, 0.5, 0.125, 0.75, 0.125], [3, 1])).toBeCloseTo(1.5 * Math.LN2, 14);
  expect(multiclassLogLoss([3], [0.25, 0.25, 0.25, 0.25])).toBeCloseTo(Math.log(4), 14);
  expect(multiclassLogLoss([0], [0, 1])).toBeCloseTo(-Math.log(1e-7), 12);
});

test('with two classes it is the binary log loss', () => {
  const [labels, p] = [
    [1, 0, 1, 1],
    [0.9, 0.2, 0.6, 0.3],
  ];
  expect(
    multiclassLogLoss(
      labels,
      p.flatMap((q) => [1 - q, q]),
    ),
  ).toBeCloseTo(logLoss(labels, p), 14);
});

test('refuses rows that are no distribution, masked ones aside', () => {
  const matrix = [0.5, 0.5, 0.5, 0.6];
  expect(() => multiclassLogLoss([0, 1], matrix)).toThrow(
    'probabilities[2] to [3] that sum to 1.1; expected 2 probabilities that sum to 1',
  );
  expect(() => multiclassLogLoss([0, 0, 1], [0, 0, ...matrix], { mask: [0, 1, 1] })).toThrow(
    'probabilities[4] to [5] that sum to 1.1',
  );
  expect(multiclassLogLoss([0, 1], matrix, { mask: [1, 0] })).toBeCloseTo(Math.LN2, 15);
});

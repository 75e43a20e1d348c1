import { binary, multiclass, regression, type Task } from '@polytask/core';
import { multiLabel, survival } from '@polytask/core/tasks';
import { expect, test } from 'vitest';
import { normalizedMetric, normalizedWeights } from './metric-table.ts';

const relative = (task: Task, labels: number[], outputs: number[], weights: number[] = labels.map(() => 1)) => {
  const encoded = Float32Array.from(labels);
  return normalizedMetric(task)
    .create()
    .update(encoded, outputs, {
      weights: normalizedWeights(task, encoded, Float32Array.from(weights)),
      mask: Uint8Array.from(weights, (weight) => Number(weight > 0)),
    })
    .compute();
};

test('the best constant has a normalized loss of 1, whatever the kind of task', () => {
  expect(relative(binary(), [1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25])).toBeCloseTo(1, 6);
  const stars = multiclass({ classes: ['a', 'b', 'c'] });
  const shares = [0.25, 0.25, 0.5];
  expect(relative(stars, [0, 1, 2, 2], [...shares, ...shares, ...shares, ...shares])).toBeCloseTo(1, 6);
  expect(relative(regression(), [-1, 0, 4], [1, 1, 1])).toBe(1);
  // of four rows, one has the event up to 5, and one of the three others up to 10
  const stays = survival({ cuts: [5, 10] });
  expect(
    relative(
      stays,
      [3, 8, -12, -30],
      [1, 2, 3, 4].flatMap(() => [0.75, 0.5]),
    ),
  ).toBeCloseTo(1, 6);
  const tags = multiLabel({ labels: ['a', 'b'] });
  expect(relative(tags, [0b01, 0b11], [1, 0.5, 1, 0.5])).toBeCloseTo(1, 6);
});

test('a positive row counts as often as in the loss', () => {
  // three times the one yes: as many as no, so that a half is the base rate
  expect(relative(binary({ positiveWeight: 3 }), [1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5])).toBeCloseTo(1, 6);
  expect(relative(binary({ positiveWeight: 3 }), [1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25])).toBeGreaterThan(1.1);
});

test('rows without a label do not count, and labels that are all the same give no number', () => {
  expect(relative(regression(), [-1, 0, 4, NaN], [1, 1, 1, 7], [1, 1, 1, 0])).toBe(1);
  expect(relative(binary(), [1, 1], [0.9, 0.8])).toBeNaN();
});

import { binary, regression, type Task } from '@polytask/core';
import { expect, test } from 'vitest';
import { evaluatePredictions } from '../evaluation/evaluate-predictions.ts';
import { documentOf } from './blocks.ts';
import { errorBlocks } from './error-blocks.ts';
import { renderMarkdown } from './markdown.ts';

function errorsOf(task: Task, weights: readonly number[]): string {
  const predicted = {
    rows: Uint32Array.of(0, 1),
    labels: Float64Array.of(1, 0),
    predictions: Float64Array.of(0.9, 0.7),
    weights: Float64Array.from(weights),
  };
  const options = { metrics: { a: [] }, worst: 1, where: String };
  const { tasks } = evaluatePredictions({ a: task }, { a: predicted }, options);
  return renderMarkdown(documentOf('errors', errorBlocks(tasks[0]!)));
}

test('the confusion matrix and the totals say whether they are of sample weights', () => {
  const note = 'Each cell is a sum of sample weights, not a number of rows.';
  expect(errorsOf(binary(), [2, 0.5])).toMatch(/\| no +\| 0 +\| 0\.5 +\|/);
  expect(errorsOf(binary(), [2, 0.5])).toContain(note);
  expect(errorsOf(binary(), [1, 1])).not.toContain(note);
  expect(errorsOf(regression(), [2, 0.5])).toContain('add up to 2.15, the labels to 2, by sample weight.');
  expect(errorsOf(regression(), [1, 1])).toContain('add up to 1.6, the labels to 1.');
});

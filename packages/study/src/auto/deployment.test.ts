import { binary } from '@polytask/core';
import type { TaskPredictions } from '@polytask/training';
import { expect, test } from 'vitest';
import { deployment } from './deployment.ts';

const ROWS = 400;
const tasks = { rich: binary(), married: binary() };

/** Predictions of labels that alternate: exact but for noise of this size, which is that of the model. */
function predicted(noise: number, model: number, length = ROWS): TaskPredictions {
  const labels = Float64Array.from({ length }, (_, row) => row % 2);
  const predictions = labels.map((label, row) => {
    const wave = Math.sin((row + 1) * (12.9 + model)) * 43758;
    return 0.5 + (label - 0.5) * (1 - noise) * 0.5 + (wave - Math.floor(wave) - 0.5) * noise * 0.9;
  });
  return { rows: Uint32Array.from(labels.keys()), labels, weights: labels.map(() => 1), predictions };
}

const model = (rich: number, married: number, seed: number) => ({
  rich: predicted(rich, seed),
  married: predicted(married, seed + 10),
});
const OLD = model(0.9, 0.9, 1);

test.each([
  ['another seed', { continued: model(0.9, 0.9, 2) }, 'Keep the old model: the differences could be chance.'],
  [
    'better on one task',
    { continued: model(0.5, 0.9, 2) },
    'Deploy the continued model: on the new rows, it is significantly better than the old model on rich, and significantly worse on no task.',
  ],
  [
    'better on one task and worse on the other',
    { old: model(0.9, 0.5, 1), continued: model(0.5, 0.9, 2) },
    'Keep the old model: the continued model is not significantly better on one task without being worse on another.',
  ],
  [
    'both better, and the new model like the continued one',
    { continued: model(0.6, 0.6, 2), new: model(0.6, 0.6, 3) },
    'Deploy the continued model: on the new rows, it is significantly better than the old model on rich and married, and significantly worse on no task.',
  ],
  [
    'a new model that is better than both',
    { continued: model(0.8, 0.9, 2), new: model(0.2, 0.2, 3) },
    'Deploy a new model: on the new rows, it is significantly better than the old model on rich and married, and significantly worse on no task. ' +
      'It is in march/new, beside the files of the continued model.',
  ],
])('%s', (_, models, message) => {
  expect(deployment(tasks, { old: OLD, ...models }, { folder: 'march/new' }).deploy.message).toBe(message);
});

test('a model without a further task is no choice', () => {
  const { comparisons, deploy } = deployment(tasks, { old: OLD, continued: model(0.9, 0.9, 2) }, { added: ['moved'] });
  expect(deploy.message).toBe("Deploy the continued model: the old model doesn't have moved.");
  expect(comparisons).toHaveLength(1);
});

test.each([
  [0.5, 'worse on no task.'],
  [0.95, 'worse on married (AUC 0.5085 instead of 0.6868): keep the old model for such rows.'],
])('the old rows have their sentence', (noise, message) => {
  const later = { old: OLD, continued: model(0.5, 0.9, 2) };
  const { deploy } = deployment(tasks, later, { before: { old: model(0.9, 0.7, 1), continued: model(0.5, noise, 2) } });
  expect(deploy.message).toBe(
    'Deploy the continued model: on the new rows, it is significantly better than the old model on rich, and significantly worse on no task. ' +
      `On the old rows, it is significantly ${message}`,
  );
});

test('the old model stays without a sentence on the old rows, and rows without labels have none', () => {
  const [even, better] = [
    { old: OLD, continued: model(0.9, 0.9, 2) },
    { old: OLD, continued: model(0.5, 0.9, 2) },
  ];
  const none = { ...OLD, rich: predicted(0, 1, 0), married: predicted(0, 1, 0) };
  for (const [later, before] of [
    [even, better],
    [better, { old: none, continued: none }],
  ] as const)
    expect(deployment(tasks, later, { before }).deploy.message).not.toContain('On the old rows');
});

import { expect, test } from 'vitest';
import { textOf } from '../testing/documents.ts';
import { trialOf } from '../testing/trial-of.ts';
import { summarize } from './summarize.ts';

/** A trial of a yes-or-no task, and a task of classes of which one has 89.4% of the rows. */
const trial = (model: string, seed: number, auc: number, accuracy: number) =>
  trialOf({
    model,
    seed,
    metrics: { click: { auc, ne: 0.5 }, damage: { accuracy, logLoss: 0.4 } },
    normalizedLosses: { click: 0.5, damage: 0.8 },
    constants: { click: { auc: 0.5, ne: 1 }, damage: { accuracy: 0.894, logLoss: 0.5 } },
  });

const trials = [
  trial('single-task', 1, 0.8, 0.0003),
  trial('single-task', 2, 0.8, 0.9),
  trial('adatt', 1, 0.88, 0.89),
  trial('adatt', 2, 0.88, 0.89),
];

test('no mean of gains counts a task whose baseline is no better than a constant', () => {
  const { models, leftOut, comparisons } = summarize(trials);
  expect(leftOut).toEqual([{ task: 'damage', metric: 'accuracy' }]);
  const [, adatt] = models;
  expect(adatt!.gain!.mean.mean).toBeCloseTo(0.1, 12); // of the AUC alone; with the accuracy it was 741.8
  const [accuracy, logLoss] = ['accuracy', 'logLoss'].map((metric) => comparisons[metric]!.models['adatt']!);
  expect(accuracy!.gain).toBeUndefined();
  expect(logLoss!.gain!.mean.mean).toBe(0);
  expect(accuracy!.tasks['damage']!.seeds).toHaveLength(2);
  const text = textOf(summarize(trials));
  expect(text).toContain(
    'No gain counts damage in accuracy: single-task is no better than a constant prediction there.',
  );
  expect(text).not.toMatch(/\d{4,}\.\d\d ±/);
});

test('a gain over several tasks counts the others', () => {
  const with2 = trials.map((each) => ({
    ...each,
    metrics: { ...each.metrics, state: { accuracy: each.model === 'adatt' ? 0.6 : 0.5 } },
    constants: { ...each.constants, state: { accuracy: 0.3 } },
  }));
  const { mean, perTask } = summarize(with2).comparisons['accuracy']!.models['adatt']!.gain!;
  expect(mean.mean).toBeCloseTo(0.2, 12);
  expect(Object.keys(perTask)).toEqual(['state']);
});

test('the table has normalized losses and a row of the constant, and the verdict names a task without a better model', () => {
  const text = textOf(summarize(trials));
  expect(text).toMatch(/NE ↓ +accuracy ↑ +log loss ↓ +normalized loss ↓/); // NE is the normalized loss of click
  expect(text).toMatch(/^adatt .* 0\.8900 +0\.4000 +0\.8000 /m);
  expect(text).toMatch(/^constant prediction +0\.5000 +1\.0000 +0\.8940 +0\.5000 +1\.0000/m);
  expect(text).toContain('No model is better than a constant prediction on damage in accuracy (0.8940).');
  const better = [...trials, trial('ple', 1, 0.8, 0.91), trial('ple', 2, 0.8, 0.92)];
  expect(textOf(summarize(better))).not.toContain('No model is better than a constant');
});

test('results without constants count every task and have no such row', () => {
  const older = trials.map(({ constants: _, ...each }) => each);
  const { leftOut, constants, models } = summarize(older);
  expect([leftOut, constants]).toEqual([[], {}]);
  expect(models[1]!.gain!.mean.mean).toBeGreaterThan(700);
  expect(textOf(summarize(older))).not.toMatch(/^a constant/m);
});

test('a task named as a group of columns stays apart from it', () => {
  const named = summarize([
    trialOf({ metrics: { cost: { rmse: 2 }, gain: { rmse: 3 } } }),
    trialOf({ model: 'adatt', metrics: { cost: { rmse: 1 }, gain: { rmse: 2 } } }),
  ]);
  expect(textOf(named)).toMatch(/RMSE ↓ +RMSE ↓ +RMSE +parameters +seconds$/m);
});

test('quantiles are compared by their pinball loss, of which less is better', () => {
  const of = (model: string, seed: number, pinball: number) =>
    trialOf({
      model,
      seed,
      metrics: { days: { 'pinball@0.1:0.9': pinball } },
      constants: { days: { 'pinball@0.1:0.9': 3 } },
    });
  const table = summarize([of('single-task', 1, 2), of('single-task', 2, 2.1), of('adatt', 1, 1), of('adatt', 2, 1.1)]);
  expect(table.columns).toEqual([{ task: 'days', metric: 'pinball@0.1:0.9' }]);
  expect(table.models[1]!.gain!.mean.mean).toBeGreaterThan(0.4);
  expect(textOf(table)).toContain('pinball loss ↓');
});

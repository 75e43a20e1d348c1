import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { mainColumns } from './comparisons.ts';
import { summarize } from './summarize.ts';

/** A trial of a task of either kind. */
const mixed = (model: string, seed: number, auc: number, rmse: number) =>
  trialOf({ model, seed, metrics: { click: { auc, ne: 0.5 }, hours: { rmse } } });

test('each task counts by its first metric, seed by seed; lower errors are a gain', () => {
  const { models, columns } = summarize([
    mixed('single-task', 1, 0.8, 10),
    mixed('single-task', 2, 0.8, 20),
    mixed('adatt', 1, 0.88, 9), // +10% and +10%
    mixed('adatt', 2, 0.72, 18), // −10% and +10%
  ]);
  expect(mainColumns(columns)).toEqual([
    { task: 'click', metric: 'auc' },
    { task: 'hours', metric: 'rmse' },
  ]);
  expect(models[0]!.gain).toBeUndefined();
  const { mean, verdict } = models[1]!.gain!;
  expect([mean.mean, mean.n]).toEqual([expect.closeTo(0.05, 12), 2]);
  expect(mean.deviation).toBeCloseTo(0.1 / Math.SQRT2, 12);
  expect(verdict).toBe('untested'); // two seeds decide nothing
});

test("verdicts are by a paired t test with Holm's correction over the models", () => {
  const gains = { a: [0.08, 0.1, 0.12, 0.1, 0.1], b: [-0.01, 0, 0.01, 0, 0], c: [-0.1, -0.1, -0.11, -0.1, -0.1] };
  const trials = [1, 2, 3, 4, 5].flatMap((seed) => [
    mixed('single-task', seed, 0.5, 1),
    ...Object.entries(gains).map(([model, gain]) =>
      mixed(model, seed, 0.5 * (1 + gain[seed - 1]!), 1 - gain[seed - 1]!),
    ),
  ]);
  const byName = Object.fromEntries(summarize(trials).models.map(({ model, gain }) => [model, gain]));
  // a: t = 15.8114, p = 9.34927e-5, Holm × 2; c: t = 51, p = 8.84623e-7, Holm × 3
  expect(byName.a).toMatchObject({ verdict: 'better', adjustedPValue: expect.closeTo(2 * 9.34927e-5, 9) as number });
  expect(byName.b).toMatchObject({ verdict: 'no difference', adjustedPValue: 1 });
  expect(byName.c).toMatchObject({ verdict: 'worse', adjustedPValue: expect.closeTo(3 * 8.84623e-7, 11) as number });
});

test('a task without a defined metric is left out, for all models; one seed is untested', () => {
  const { models } = summarize([mixed('single-task', 1, NaN, 10), mixed('adatt', 1, 0.9, 9), mixed('ple', 1, 0.9, 11)]);
  expect(models.map(({ gain }) => gain?.mean.mean)).toEqual([
    undefined,
    expect.closeTo(-0.1, 12), // ple stands before adatt in the table
    expect.closeTo(0.1, 12),
  ]);
  expect(models[1]!.gain!.verdict).toBe('untested');
});

test('the validation score is that of the kept epoch, mean over tasks; normalized losses are means over seeds', () => {
  const curve = [
    { loss: 1, validation: { click: 0.6, hours: 0.8 }, seconds: 1 },
    { loss: 1, validation: { click: 0.9, hours: 0.7 }, seconds: 1 },
  ];
  const [model] = summarize([
    trialOf({ curve, bestEpoch: 1, normalizedLosses: { click: 0.5 } }),
    trialOf({ curve, bestEpoch: 2, normalizedLosses: { click: 0.7 }, seed: 2 }),
  ]).models;
  expect(model!.validation.mean).toBeCloseTo(0.75, 12);
  expect(model!.normalizedLosses.click!.mean).toBeCloseTo(0.6, 12);
  const [old] = summarize([trialOf()]).models;
  expect(old!.normalizedLosses).toEqual({});
  expect(old!.validation.mean).toBeNaN();
});

import { expect, test } from 'vitest';
import { comparisonSentences } from '../report/comparison-sentences.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { findingOf, trialOf } from '../testing/trial-of.ts';
import { summarize } from './summarize.ts';

/** Noise that is another for each model and seed, and small beside a difference of .002. */
const noise = (model: number, seed: number) => 1e-5 * ((seed * 7 + model * 3) % 5);

type Scores = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Given {
  readonly seeds?: number;
  readonly spread?: number;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly more?: Partial<TrialResult>;
}

/** What seeds say of models whose scores by task are given; the metric is AUC, or RMSE where it is above 1. */
function said(models: Scores, { seeds = 5, spread = 1, parameters = {}, more = {} }: Given = {}) {
  const trials = Object.entries(models).flatMap(([model, tasks], m) =>
    Array.from({ length: seeds }, (_, i) => {
      const trial = trialOf({
        ...{ model, seed: i + 1, parameters: parameters[model] ?? 1000 },
        metrics: Object.fromEntries(
          Object.entries(tasks).map(([task, value]) => [
            task,
            value > 1 ? { rmse: value + 100 * noise(m, i) } : { auc: value + spread * noise(m, i), ne: 0.5 },
          ]),
        ),
        ...more,
      });
      return { ...trial, config: { ...trial.config, data: { ...trial.config.data, rows: { train: 600, test: 150 } } } };
    }),
  );
  return comparisonSentences(summarize(trials));
}

test('one model has nothing to be compared with', () => {
  expect(said({ adatt: { income: 0.8 } }).answer).toEqual([
    'Only adatt was run. Run another model to compare it with.',
  ]);
});

const COIN = { more: { constants: { income: { auc: 0.5 } } } };

test('none is taken if no model is better than a constant prediction', () => {
  const { answer } = said({ 'single-task': { income: 0.48 }, adatt: { income: 0.49 } }, COIN);
  expect(answer).toEqual(['Take none of the models: none is better than a constant prediction on income.']);
  expect(said({ 'single-task': { income: 0.48 }, adatt: { income: 0.49 } }, { ...COIN, seeds: 2 }).answer).toEqual([
    'Undecided: so far no model is better than a constant prediction on income, and a verdict takes at least 5 seeds.',
  ]);
});

test('a baseline that is no better than a constant prediction hides no model that is', () => {
  const models = { 'single-task': { income: 0.48 }, mmoe: { income: 0.7 }, adatt: { income: 0.8 } };
  expect(said(models, COIN).answer).toEqual([
    'Take adatt: on average over the tasks it is better than every other model.',
  ]);
});

test('a model is used for a task if it is better there, and better than a constant prediction', () => {
  const models = { 'single-task': { a: 0.8, b: 0.4 }, 'gradient-boosting': { a: 0.7, b: 0.5 } };
  const constants = (b: number) => ({ more: { constants: { a: { auc: 0.5 }, b: { auc: b } } } });
  const scores =
    'gradient-boosting alone has AUC 0.7000 on a and 0.5000 on b; single-task has AUC 0.8000 on a and 0.4000 on b.';
  const [useless, useful] = [0.6, 0.3].map((b) => said(models, constants(b)).answer);
  const better = 'single-task is significantly better than gradient-boosting on a.';
  expect(useless!.at(-1)).toBe(
    `${scores} On b, gradient-boosting is significantly better, but no better than a constant prediction. ${better}`,
  );
  expect(useless![0]).toContain('Take single-task: ');
  expect(useful!.join(' ')).not.toContain('no better than');
});

test('a model to take that is no better than a constant prediction on a task, where another one is', () => {
  const models = { 'single-task': { a: 0.7, b: 0.55 }, adatt: { a: 0.95, b: 0.4 } };
  expect(said(models, { more: { constants: { b: { auc: 0.5 } } } }).answer[0]).toContain(
    'But adatt is no better than a constant prediction on b.',
  );
});

test('models without a seed in common are not ranked', () => {
  const trials = ['mmoe', 'adatt'].map((model, i) => trialOf({ model, seed: i + 1, metrics: { a: { auc: 0.7 } } }));
  expect(comparisonSentences(summarize(trials)).answer).toEqual([
    "The models can't be ranked: no seed has a trial of each model.",
  ]);
});

test('a model that is better than every other, with its gain; where the others stand on each task', () => {
  const { answer, tasks } = said({
    'single-task': { income: 0.8, education: 0.9 },
    mmoe: { income: 0.801, education: 0.9 },
    adatt: { income: 0.8022, education: 0.9 },
  });
  expect(answer).toEqual([
    'Take adatt: on average over the tasks it is better than every other model. Its gain over single-task is 0.1%.',
  ]);
  expect(tasks).toEqual([
    'On income, adatt is better than single-task by .0022 AUC, and than every other model.',
    'On education, every difference from single-task in AUC could be chance.',
  ]);
});

test('of models whose differences could be chance, the smallest; and how many seeds would tell', () => {
  const { answer, limits } = said(
    { 'single-task': { click: 0.8 }, 'shared-bottom': { click: 0.8 }, adatt: { click: 0.803 } },
    { spread: 200, parameters: { 'single-task': 9000, 'shared-bottom': 3000, adatt: 30_000 } },
  );
  expect(answer).toEqual([
    'Take shared-bottom: adatt ranks first, but the difference could be chance, and shared-bottom is the smallest of 3 such models.',
  ]);
  expect(limits[0]).toMatch(/^With 150 test rows and 5 seeds, differences below about \.00\d AUC may go undetected\.$/);
  expect(limits[1]).toMatch(
    /^If the difference seen between adatt and shared-bottom \(\.\d+ AUC on click\) is the true one, \d+ seeds would detect it with a probability of 80%\.$/,
  );
});

test('models that differ on one task are not called too close for another', () => {
  const saidOf = (hours: number) =>
    said({ 'single-task': { click: 0.8, hours: 10 }, adatt: { click: 0.80001, hours } }, { spread: 200 });
  expect(saidOf(10).limits.join(' ')).toContain(
    'More than 200 seeds would be needed to separate single-task and adatt (.00001 AUC on click).',
  );
  expect(saidOf(9.95).answer[0]).toContain('the difference from single-task could be chance');
  expect(saidOf(9.95).limits.join(' ')).not.toContain('More than 200');
});

test('fewer than five seeds decide nothing: the cheapest model that is not visibly worse, and how many would', () => {
  const models = { 'single-task': { a: 0.8 }, adatt: { a: 0.82 } };
  const sizes = { parameters: { 'single-task': 9000, adatt: 30_000 } };
  const three = said(models, { seeds: 3, ...sizes });
  expect(three.answer).toEqual([
    "Undecided: 3 seeds can't separate the models from chance; a verdict takes at least 5. For now take adatt: it ranks first.",
  ]);
  expect(three.limits.at(-1)).toBe(
    'If the difference seen between single-task and adatt (.0200 AUC on a) is the true one, 5 seeds would detect it with a probability of 80%.',
  );
  expect(three.tasks).toEqual([]);
  expect(said(models, { seeds: 1, ...sizes }).answer).toEqual([
    "Undecided: 1 seed can't separate the models from chance; a verdict takes at least 5. For now take adatt: it ranks first.",
  ]);
  const near = said(
    { ...models, ple: { a: 0.81995 } },
    { seeds: 3, spread: 20, parameters: { ...sizes.parameters, ple: 500 } },
  );
  expect(near.answer[0]).toContain(
    "For now take ple: the smallest model that isn't visibly worse than adatt, which ranks first.",
  );
});

test('nobody better; with losses of some; better on one task, worse on another', () => {
  expect(said({ 'single-task': { income: 0.8 }, adatt: { income: 0.8 } }).tasks).toEqual([
    'On income, every difference from single-task in AUC could be chance.',
  ]);
  expect(said({ 'single-task': { a: 0.8 }, mmoe: { a: 0.79 }, adatt: { a: 0.8 } }).tasks).toEqual([
    'On a, no model is better than single-task in AUC.',
    'mmoe is worse than single-task.',
  ]);
  expect(said({ 'single-task': { income: 0.8, like: 0.7 }, adatt: { income: 0.81, like: 0.69 } }).tasks).toEqual([
    'On income, adatt is better than single-task by .0100 AUC.',
    'On like, single-task is better than adatt.',
  ]);
  expect(said({ 'single-task': { a: 0.8, b: 0.7 }, mmoe: { a: 0.8, b: 0.7 } }).tasks).toEqual([
    'On each task by itself, every difference from single-task in AUC could be chance.',
  ]);
});

test('a regression task has its own unit, and lower is better', () => {
  expect(said({ 'single-task': { hours: 12 }, mmoe: { hours: 11.7 }, adatt: { hours: 11.7 } }).tasks[0]).toMatch(
    /^On hours, (mmoe|adatt) is better than single-task by 0\.3 RMSE\.$/,
  );
  expect(said({ 'single-task': { income: 45_000 }, adatt: { income: 40_000 } }).tasks[0]).toContain(
    'better than single-task by 5,000 RMSE.',
  );
});

test('of many tasks three are named; the model that leads on most comes first', () => {
  const all = (auc: number) =>
    Object.fromEntries(Array.from('abcdefg', (task, i) => [task, auc + 0.001 * i * (auc - 0.5)]));
  expect(said({ 'single-task': all(0.7), adatt: all(0.71) }).tasks[0]).toContain(
    'On a, b, c and 4 more tasks, adatt is better than single-task by up to .010',
  );
  const tasks = (better: string) =>
    Object.fromEntries(Array.from('abcd', (task) => [task, better.includes(task) ? 0.72 : 0.7]));
  const leaders = said({ 'single-task': tasks(''), mmoe: tasks('a'), ple: tasks('bc'), adatt: tasks('d') }).tasks;
  expect(leaders.map((sentence) => sentence.split(' by ')[0])).toEqual([
    'On b and c, ple is better than single-task',
    'On a, mmoe is better than single-task',
    'On d, adatt is better than single-task',
  ]);
});

test('a task whose metric is not defined could not be tested', () => {
  expect(said({ 'single-task': { a: 0.8, b: NaN }, adatt: { a: 0.81, b: NaN } }).tasks.at(-1)).toBe(
    'On b, nothing could be tested: the metric is undefined, or the models share too few seeds.',
  );
});

test('without the baseline only winners are named', () => {
  expect(said({ mmoe: { income: 0.8 }, adatt: { income: 0.81 } }).tasks).toEqual([
    "Nothing is compared with single-task, which wasn't run. Run it, too.",
    'On income, adatt is better than every other model.',
  ]);
});

test('the baseline is better than every other model on one task; a leader of another is worse on a third', () => {
  expect(
    said({
      'single-task': { a: 0.7, b: 0.7, c: 0.7 },
      mmoe: { a: 0.7, b: 0.69, c: 0.7 },
      adatt: { a: 0.71, b: 0.69, c: 0.69 },
    }).tasks,
  ).toEqual([
    'On a, adatt is better than single-task by .0100 AUC, and than every other model. On c, adatt is worse than single-task.',
    'On b, single-task is better than every other model.',
    'On c, no model is better than single-task in AUC.',
  ]);
});

test('few test rows are named: how far they move a score', () => {
  const more = { rowIntervals: { click: { auc: { low: 0.74, high: 0.86 } } } };
  expect(said({ 'single-task': { click: 0.8 }, adatt: { click: 0.8015 } }, { spread: 100, more }).limits[1]).toBe(
    'Another sample of 150 test rows could move a score by .06 AUC.',
  );
});

test('models that were still improving make the answer a preliminary one', () => {
  const warnings = [findingOf('still-improving', 'Still improving at epoch 2 of 2: raise --epochs.')];
  const all = said({ 'single-task': { a: 0.5 }, adatt: { a: 0.5 } }, { more: { warnings } });
  expect(all.tasks.at(-1)).toBe('All models were still improving at the last epoch. Train for more epochs.');
});

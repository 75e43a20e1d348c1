import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { verdict } from './verdict.ts';

/** Noise that is another for each model and seed, and small beside a difference of .002. */
const noise = (model: number, seed: number) => 1e-5 * ((seed * 7 + model * 3) % 5);

type Scores = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What five seeds say of models whose scores by task are given; the metric is AUC, or RMSE where it is above 1. */
function said(models: Scores, { seeds = 5, more = {} as Partial<TrialResult> } = {}): string[] {
  const trials = Object.entries(models).flatMap(([model, tasks], m) =>
    Array.from({ length: seeds }, (_, i) =>
      trialOf({
        model,
        seed: i + 1,
        metrics: Object.fromEntries(
          Object.entries(tasks).map(([task, value]) => [
            task,
            value > 1 ? { rmse: value + 100 * noise(m, i) } : { auc: value + noise(m, i), ne: 0.5 },
          ]),
        ),
        ...more,
      }),
    ),
  );
  return verdict(summarize(trials));
}

test('one model has nothing to be compared with', () => {
  expect(said({ adatt: { income: 0.8 } })).toEqual([
    'Only adatt was run, so there is nothing to compare it with. Pass more --models.',
  ]);
});

test('advice is in the words of the program', () => {
  const advice = {
    ...{ moreModels: 'Choose two.', moreSeeds: 'Take 5 seeds.' },
    ...{ moreEpochs: 'take more epochs', addBaseline: 'choose it, too', takeSeeds: String },
  };
  const one = [trialOf({ model: 'ple' })];
  expect(verdict(summarize(one), advice)).toEqual([
    'Only ple was run, so there is nothing to compare it with. Choose two.',
  ]);
  const two = [...one, trialOf({ model: 'adatt' })];
  expect(verdict(summarize(two), advice)).toContain('Take 5 seeds.');
  const more = two.flatMap((trial) => [1, 2].map((seed) => ({ ...trial, seed })));
  expect(verdict(summarize(more), advice)[0]).toBe(
    'The models are compared with single-task, which was not run: choose it, too.',
  );
});

test('one seed gives the order on the validation rows, and no more', () => {
  const of = (model: string, auc: number, selection = 'auc') => {
    const trial = trialOf({
      model,
      bestEpoch: 1,
      curve: [{ loss: 1, validation: { click: auc }, seconds: 1 }],
    });
    return { ...trial, config: { ...trial.config, training: { ...trial.config.training, selection } } };
  };
  expect(verdict(summarize([of('single-task', 0.8123), of('adatt', 0.8), of('ple', 0.82)]))).toEqual([
    "One seed can't tell a difference from chance.",
    'The best validation score, mean AUC, is that of ple (0.8200), before single-task (0.8123) and adatt (0.8000).',
    'Pass --seeds 5.',
  ]);
  const errors = ['single-task', 'adatt'].map((model, i) => of(model, 0.9 - 0.1 * i, 'normalizedLoss'));
  expect(verdict(summarize(errors))[1]).toBe(
    'The best validation score, mean normalized loss, is that of adatt (0.8000), before single-task (0.9000).',
  );
});

test('a leader, by how much, and that it beats every other model; where nobody leads', () => {
  expect(
    said({
      'single-task': { income: 0.8, education: 0.9 },
      mmoe: { income: 0.801, education: 0.9 },
      adatt: { income: 0.8022, education: 0.9 },
    }),
  ).toEqual([
    'On income, adatt leads single-task by .0022 AUC, more than chance (5 seeds, paired t tests, Holm over 4 comparisons in AUC); it beats every other model, too.',
    'On education no model is better than single-task beyond chance.',
  ]);
});

test('nobody better; with losses of some', () => {
  expect(said({ 'single-task': { income: 0.8 }, adatt: { income: 0.8 } })).toEqual([
    'No model is better than single-task beyond chance on any single task (5 seeds, paired t tests, Holm over 1 comparison in AUC).',
  ]);
  expect(said({ 'single-task': { income: 0.8 }, mmoe: { income: 0.79 }, adatt: { income: 0.8 } })[1]).toBe(
    'mmoe is worse than single-task beyond chance on at least one task.',
  );
});

test('better on one task, worse on another', () => {
  expect(said({ 'single-task': { income: 0.8, like: 0.7 }, adatt: { income: 0.81, like: 0.69 } })).toEqual([
    'On income, adatt leads single-task by .0100 AUC, more than chance (5 seeds, paired t tests, Holm over 2 comparisons in AUC).',
    'On like, single-task is better than adatt, beyond chance.',
  ]);
});

test('a regression task has its own unit, and lower is better', () => {
  expect(said({ 'single-task': { hours: 12 }, mmoe: { hours: 11.7 }, adatt: { hours: 11.7 } })[0]).toMatch(
    /^On hours, (mmoe|adatt) leads single-task by an RMSE that is lower by 0\.3, more than chance/,
  );
  expect(said({ 'single-task': { income: 45_000 }, adatt: { income: 40_000 } })[0]).toContain('lower by 5,000,');
});

test('of many tasks three are named, and the largest difference stands for all', () => {
  const all = (auc: number) =>
    Object.fromEntries(Array.from('abcdefg', (task, i) => [task, auc + 0.001 * i * (auc - 0.5)]));
  const [first] = said({ 'single-task': all(0.7), adatt: all(0.71) });
  expect(first).toContain('On a, b, c and 4 more tasks, adatt leads single-task by up to .010');
});

test('several leaders: the two with most tasks, and how many tasks are left', () => {
  const tasks = (better: string) =>
    Object.fromEntries(Array.from('abcd', (task) => [task, better.includes(task) ? 0.72 : 0.7]));
  const sentences = said({ 'single-task': tasks(''), mmoe: tasks('a'), ple: tasks('bc'), adatt: tasks('d') });
  expect(sentences.map((sentence) => sentence.split(' by ')[0])).toEqual([
    'On b and c, ple leads single-task',
    'On a, mmoe leads single-task',
    'On d other models lead single-task beyond chance.',
  ]);
});

test('a task whose metric is not defined could not be tested', () => {
  expect(said({ 'single-task': { a: 0.8, b: NaN }, adatt: { a: 0.81, b: NaN } }).at(-1)).toBe(
    "On b nothing could be tested: the metric isn't defined, or too few seeds are shared.",
  );
});

test('without the baseline only winners are named', () => {
  expect(said({ mmoe: { income: 0.8 }, adatt: { income: 0.81 } })).toEqual([
    'The models are compared with single-task, which was not run: add it to --models.',
    'On income, adatt is better than each other model beyond chance (5 seeds, paired t tests).',
  ]);
});

test('the baseline beats every other model on one task; a leader of another is worse on a third', () => {
  const sentences = said({
    'single-task': { a: 0.7, b: 0.7, c: 0.7 },
    mmoe: { a: 0.7, b: 0.69, c: 0.7 },
    adatt: { a: 0.71, b: 0.69, c: 0.69 },
  });
  expect(sentences.slice(1)).toEqual([
    'On b, single-task is better than every other model, beyond chance.',
    'On c no model is better than single-task beyond chance.',
    'On c, adatt is worse than single-task beyond chance.',
  ]);
});

test('models that were still improving make the answer a preliminary one', () => {
  const warnings = [{ guard: 'still improving' as const, message: 'Still improving at epoch 2 of 2: raise --epochs.' }];
  const trials = ['single-task', 'adatt'].flatMap((model, m) =>
    [1, 2, 3].map((seed) =>
      trialOf({ model, seed, warnings: m === 1 && seed === 2 ? warnings : [], metrics: { a: { auc: 0.5 } } }),
    ),
  );
  expect(verdict(summarize(trials)).at(-1)).toBe(
    '1 of 2 models was still improving at the last epoch: raise --epochs.',
  );
  const all = trials.map((trial) => ({ ...trial, warnings }));
  expect(verdict(summarize(all)).at(-1)).toMatch(/^All models were still improving/);
});

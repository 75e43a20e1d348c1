import { randomStream } from '@polytask/core';
import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { advise } from './advice.ts';
import { standingsOf } from './leaderboard.ts';
import { OPTIONS, verdict } from './verdict.ts';

/** Noise that is another for each model and seed. */
const noise = (model: number, seed: number) => ((seed * 7 + model * 3) % 5) - 2;

/** What is advised of models with an AUC and a number of parameters. */
function advised(
  models: Readonly<Record<string, readonly [auc: number, parameters: number]>>,
  { seeds = 5, spread = 1e-4, more = {} as Partial<TrialResult> } = {},
) {
  const trials = Object.entries(models).flatMap(([model, [auc, parameters]], m) =>
    Array.from({ length: seeds }, (_, i) => {
      const trial = trialOf({
        model,
        seed: i + 1,
        parameters,
        metrics: { click: { auc: auc + spread * noise(m, i) } },
      });
      const data = { ...trial.config.data, rows: { train: 600, test: 150 } };
      return { ...trial, config: { ...trial.config, data }, ...more };
    }),
  );
  const summary = summarize(trials);
  const standings = standingsOf(summary, trials);
  return { sentences: advise(summary, trials, standings, OPTIONS), order: standings.map((each) => each.summary.model) };
}

test('of models that are not told apart, the smallest; and how many seeds would tell', () => {
  const { sentences } = advised(
    { 'single-task': [0.8, 9000], 'shared-bottom': [0.8, 3000], adatt: [0.801, 30_000] },
    { spread: 0.005 },
  );
  expect(sentences[0]).toBe('Take shared-bottom: nothing is told apart from it, and it is the smallest.');
  expect(sentences[1]).toMatch(/^With 150 test rows and 5 seeds, differences below about \.0\d AUC can't be shown\.$/);
  expect(sentences[2]).toMatch(
    /^If adatt and shared-bottom are as far apart as seen here \(\.0010 AUC on click\), \d+ seeds would show it: pass --seeds \d+\.$|^adatt and shared-bottom are so near/,
  );
});

test('a model that is better than each other one, with its gain', () => {
  const { sentences, order } = advised({ 'single-task': [0.8, 9000], mmoe: [0.79, 9000], adatt: [0.82, 30_000] });
  expect(order).toEqual(['adatt', 'single-task', 'mmoe']);
  expect(sentences[0]).toBe(
    'Take adatt: by the mean gain over tasks it is better than each other model beyond chance, with a gain of 2.5% over single-task.',
  );
  expect(sentences).toHaveLength(2); // nothing is left to decide
});

test('a model is left out only if the first one or the baseline is better in the tests that the leaderboard marks', () => {
  const { sentences, order } = advised(
    { 'single-task': [0.8, 9000], mmoe: [0.8005, 6000], adatt: [0.801, 30_000], ple: [0.79, 4000] },
    { spread: 0.001 },
  );
  expect(order).toEqual(['adatt', 'mmoe', 'single-task', 'ple']);
  expect(sentences[0]).toBe(
    "Take mmoe: it isn't told apart from adatt, which ranks first, and it is the smallest of 3 such models; " +
      'every other model is worse than adatt.',
  );
});

test('a small model that is far behind is not taken because two seeds prove nothing', () => {
  const trials = [
    ['single-task', [0.6, 0.75], 9000],
    ['shared-bottom', [0.6, 0.7], 3000],
    ['gradient-boosting', [0.9, 0.97], 20_000],
  ].flatMap(([model, values, parameters]) =>
    (values as number[]).map((auc, i) =>
      trialOf({
        model: model as string,
        seed: i + 1,
        parameters: parameters as number,
        metrics: { click: { auc }, same: { auc: 0.7 } },
      }),
    ),
  );
  const summary = summarize(trials);
  const sentences = advise(summary, trials, standingsOf(summary, trials), OPTIONS);
  expect(sentences[0]).toMatch(/^For now, take gradient-boosting: .*it ranks first/);
  expect(sentences.join(' ')).not.toMatch(/0000/); // equal scores of `same` have no smallest difference
});

test('the best of many equal models is not told from the baseline by being the best', () => {
  for (let round = 0; round < 3; round++) {
    const models = Array.from({ length: 9 }, (_, m) => [`m${m}`, [0.8, 9000 - m]] as const);
    const values = Object.fromEntries([['single-task', [0.8, 9000]], ...models]);
    const trials = Object.keys(values).flatMap((model, m) =>
      [0, 1, 2, 3, 4].map((seed) =>
        trialOf({
          model,
          seed,
          metrics: { click: { auc: 0.8 + 0.001 * Math.sin(1e4 * (1 + m + 100 * seed + round)) } },
        }),
      ),
    );
    const summary = summarize(trials);
    const standings = standingsOf(summary, trials);
    const baseline = standings.find((each) => each.summary.model === 'single-task')!;
    const marked = standings.filter(({ summary: { gain } }) => gain?.verdict === 'better');
    expect(baseline.beatenBy.length > 0).toBe(marked.includes(standings[0]!));
    for (const { summary, beatenBy } of standings)
      expect(beatenBy.includes('single-task')).toBe(
        summary.gain?.verdict === 'worse' && standings[0]!.summary.model !== 'single-task',
      );
  }
});

test('a further model changes nothing for two others', () => {
  const two = { 'single-task': [0.8, 9000], adatt: [0.82, 30_000] } as const;
  const beaten = (models: Parameters<typeof advised>[0]) => advised(models).order.indexOf('single-task');
  expect(advised({ ...two, ple: [0.7, 5000] }).sentences[0]).toContain(
    'Take adatt: by the mean gain over tasks it is better than each other model',
  );
  expect([beaten(two), beaten({ ...two, ple: [0.7, 5000] })]).toEqual([1, 1]);
});

test('fewer than five seeds are a hint, and one is none', () => {
  const models = { 'single-task': [0.8, 9000], adatt: [0.82, 30_000] } as const;
  expect(advised(models, { seeds: 3 }).sentences[0]).toMatch(
    /^For now, take adatt: .* 3 seeds are a hint, no proof\.$/,
  );
  expect(advised(models, { seeds: 1 }).sentences).toEqual([]);
});

test('few test rows are named: how far they move a score', () => {
  const more = { rowIntervals: { click: { auc: { low: 0.74, high: 0.86 } } } };
  const { sentences } = advised({ 'single-task': [0.8, 9000], adatt: [0.8015, 9000] }, { spread: 0.001, more });
  expect(sentences[2]).toBe('Another sample of 150 test rows could move a score by .06 AUC.');
  expect(sentences[3]).toMatch(/[\d,]+ test rows would know a score that exactly\.$/);
});

test('what is said of random tables is what they show', () => {
  const said = new Set<string>();
  for (let table = 0; table < 100; table++) {
    const draws = randomStream(table, 'table').uniform(200);
    let at = 0;
    const draw = (count: number) => Math.floor(draws[at++]! * count);
    const [models, seeds, tasks, spread] = [2 + draw(3), 2 + draw(3), 1 + draw(2), [1e-4, 1e-3, 0.02][draw(3)]!];
    const trials = ['single-task', 'mmoe', 'adatt', 'ple'].slice(0, models).flatMap((model) => {
      const [level, parameters] = [0.7 + 0.005 * draw(3), [0, 1000, 1010, 3000][draw(4)]!];
      return Array.from({ length: seeds }, (_, i) => {
        const auc = () => level + spread * draws[at++ % 200]!;
        const metrics = Object.fromEntries(['click', 'buy'].slice(0, tasks).map((task) => [task, { auc: auc() }]));
        return trialOf({ model, seed: i + 1, parameters, metrics });
      });
    });
    const summary = summarize(trials);
    const standings = standingsOf(summary, trials);
    const [first] = standings.map((each) => each.summary);
    const [advice = ''] = advise(summary, trials, standings, OPTIONS);
    const taken = standings.find((each) => advice.includes(`ake ${each.summary.model}: `))!.summary;
    const open = standings.filter(({ beatenBy }) => beatenBy.length === 0).map((each) => each.summary);
    const names = `table ${table}: ${advice}`;
    if (advice.includes('ranks first')) {
      const own = /(\S+), which ranks first/.exec(advice)?.[1] ?? taken.model;
      expect(own, names).toBe(first!.model);
      said.add('first');
    }
    if (advice.includes('is the smallest')) {
      for (const { model, parameters } of open)
        if (model !== taken.model && parameters > 0) expect(taken.parameters, names).toBeLessThan(parameters);
      said.add('smallest');
    }
    const smaller = /is smaller than (\S+?)[,;.]/.exec(advice)?.[1];
    if (smaller) {
      expect(taken.parameters, names).toBeLessThan(summary.models.find(({ model }) => model === smaller)!.parameters);
      said.add('smaller');
    }
    if (/better than (each|the) other model/.test(advice)) {
      for (const each of standings) if (each.summary !== taken) expect(each.beatenBy, names).toContain(taken.model);
      said.add('better');
    }
    const isBetter = Object.values(summary.comparisons['auc']!.models).some((each) =>
      Object.values(each!.tasks).some((task) => task.verdict === 'better'),
    );
    const isNone = verdict(summary).some((sentence) => sentence.includes('on any single task'));
    if (isNone) expect(isBetter, names).toBe(false);
    if (isNone && advice.includes('better than')) expect(advice).toContain('by the mean gain over tasks');
    said.add(isNone ? 'none' : 'some');
  }
  expect(said).toEqual(new Set(['first', 'smallest', 'smaller', 'better', 'none', 'some']));
});

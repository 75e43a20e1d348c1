import { expect, test } from 'vitest';
import { mergePlans, outcomeOf, type StudyPlan, planDocument } from './study-plan.ts';
import { findingOf, trialOf } from './testing/trial-of.ts';
import { settingKey, trialKey } from './results/trial-result.ts';

const seeds = [1, 2, 3];
const trials = seeds.map((seed) => trialOf({ seed }));
const planOf = (own: typeof trials, more: Partial<StudyPlan> = {}): StudyPlan => ({
  suite: trials[0]!.suite,
  engine: 'cpu',
  baseline: 'single-task',
  order: own.map(({ model }) => model),
  settings: [
    {
      title: '',
      key: settingKey(trials[0]!),
      notes: [findingOf('few-rows', 'few rows'), findingOf('duplicated-rows', 'One row twice.', { part: 'test' })],
      tried: { adatt: [{ values: { learningRate: 0.1 }, epochs: 1, score: NaN }] },
    },
  ],
  trials: own.map((trial) => ({ key: trialKey(trial), setting: '', model: trial.model, seed: trial.seed })),
  ...more,
});

test('a plan comes back from JSON, with the scores that are no numbers', () => {
  const plan = planOf(trials);
  expect(planDocument.read(JSON.parse(JSON.stringify(plan)), '')).toEqual(plan);
});

test('the parts of a study make the whole plan, in whichever order', () => {
  const parts = trials.map((trial) => planOf([trial]));
  expect(mergePlans(parts)).toEqual({ ...planOf(trials), order: [trials[0]!.model] });
  const merged = mergePlans([...parts, ...parts].reverse());
  expect(merged.trials.map(({ seed }) => seed).sort()).toEqual(seeds);
  expect(merged.settings).toHaveLength(1);
});

test('parts of two studies are refused', () => {
  const [one, other] = [planOf(trials), planOf(trials, { engine: 'wasm' })];
  expect(() => mergePlans([one, other])).toThrow(`received ${one.suite} on cpu, ${one.suite} on wasm`);
});

test('the outcome has the trials of the plan, and its notes', () => {
  const foreign = trialOf({ suite: 'another' });
  const outcome = outcomeOf(planOf(trials), [...trials, foreign]);
  expect(outcome.trials).toEqual(trials);
  expect(outcome.summaries.map(({ seeds: own }) => own)).toEqual([seeds]);
  expect(outcome.summaries[0].warnings.map(({ message }) => message)).toContain('few rows');
  expect(() => outcomeOf(planOf(trials), [foreign])).toThrow('No trial came through.');
});

import { auc } from '@polytask/metrics';
import { expect, test } from 'vitest';
import { createSuite } from '../suites/suite.ts';
import { validationScore } from '../summary/summarize.ts';
import { inProcess } from '../trials/executor.ts';
import { openData } from '../trials/open-data.ts';
import { openSetting } from '../trials/plan.ts';
import type { TestedModel } from '../trials/test-model.ts';
import { autoKey, runAuto } from './run-auto.ts';

const suite = await createSuite({
  ...{ suite: 'synthetic', models: ['single-task', 'shared-bottom'], seeds: [1], epochs: 1, limitRows: 200 },
  size: { levels: [4], experts: 2, tower: [2], embedding: 2 },
});
const engine = { name: 'cpu', mode: 'eager' } as const;

test('the finalists are tested once, the best on validation rows is kept, and compared with single-task', async () => {
  let opened = 0;
  const counting = {
    ...suite.entry,
    open: async (options: Parameters<typeof suite.entry.open>[0]) => {
      const data = await suite.entry.open(options);
      return {
        ...data,
        trial: (seed: number) => ({ ...data.trial(seed), test: () => (opened++, data.trial(seed).test()) }),
      };
    },
  };
  const data = openData(() => Promise.resolve(counting));
  const open = await openSetting(suite, suite.settings[0]!, engine, data);
  let time = 0;
  const outcome = await runAuto(open, {
    ...{ minutes: 0.2, members: 1, data, environment: { versions: {} }, executor: inProcess(data) },
    now: () => (time += 0.8),
  });
  const { finalists, model, sharing, search } = outcome;
  expect(opened).toBe(1);
  expect(finalists.map(({ trial }) => trial.model).sort()).toEqual(['shared-bottom', 'single-task']);
  const scores = finalists.map(({ trial }) => validationScore(trial));
  expect(scores[0]).toBe(Math.max(...scores));
  expect(model.parameterCount).toBe(finalists[0].trial.parameters);
  expect(search.tried.length).toBeGreaterThan(1);
  const [shared, single] = ['shared-bottom', 'single-task'].map((name) =>
    finalists.find(({ trial }) => trial.model === name)!,
  );
  for (const [task, { model: a, other: b, difference, low, high }] of Object.entries(sharing!.tasks)) {
    const of = ({ predictions }: TestedModel) => auc(predictions[task]!.labels, predictions[task]!.predictions);
    expect(a).toBeCloseTo(of(shared!), 12);
    expect(b).toBeCloseTo(of(single!), 12);
    expect(difference).toBeCloseTo(a - b, 12);
    expect(low).toBeLessThan(difference);
    expect(high).toBeGreaterThan(difference);
  }
  model.dispose();
});

test(
  'the result is an average of models, whose weights lie between equal ones and those of the validation rows',
  { tags: ['long'] },
  async () => {
    const more = await createSuite({
      ...{
        suite: 'synthetic',
        models: ['single-task', 'shared-bottom', 'mmoe', 'cross-stitch'],
        seeds: [1],
        epochs: 2,
      },
      ...{ limitRows: 400, size: { levels: [4], experts: 2, tower: [2], embedding: 2 } },
    });
    const data = openData(() => Promise.resolve(more.entry));
    const open = await openSetting(more, more.settings[0]!, engine, data);
    const run = (members: number) => {
      let time = 0;
      return runAuto(open, {
        ...{ minutes: 0.2, data, environment: { versions: {} }, executor: inProcess(data), members },
        now: () => (time += 0.2),
      });
    };
    const [averaged, single] = [await run(4), await run(1)];
    const { average } = averaged.search;
    expect(average!.isChosen).toBe(true);
    expect(average!.score - average!.single).toBeGreaterThan(average!.standardError);
    expect(average!.members.length).toBeGreaterThan(1);
    expect(new Set(average!.members.map(({ model }) => model)).size).toBe(average!.members.length);
    for (const task of Object.keys(averaged.model.schema.tasks)) {
      const weights = average!.members.map((member) => member.weights[task]!);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      const equal = 1000 / 1400 / weights.length; // 400 validation rows against a prior of 1,000
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(equal - 1e-12);
      expect(Math.max(...weights)).toBeGreaterThan(equal);
    }
    const [kept, ...others] = averaged.finalists;
    expect(kept.trial.model).toBe('ensemble');
    expect(kept.trial.parameters).toBe(averaged.model.parameterCount);
    expect(others.map(({ trial }) => trial.model)).toContain('single-task');
    expect(averaged.sharing!.model).not.toBe('ensemble');

    expect(single.search.average).toBeUndefined();
    expect(single.finalists[0].trial.model).not.toBe('ensemble');
    averaged.model.dispose();
    single.model.dispose();
  },
);

test(
  'boosting stays to the end where it can train on all tasks, and is left out where it cannot',
  { tags: ['long'] },
  async () => {
    const models = ['single-task', 'shared-bottom', 'gradient-boosting'];
    const own = await createSuite({
      ...{ suite: 'synthetic', models, seeds: [1], epochs: 1, limitRows: 200 },
      size: { levels: [4], experts: 2, tower: [2], embedding: 2 },
    });
    const run = async (row: typeof own.entry, members = 1) => {
      const data = openData(() => Promise.resolve(row));
      const open = await openSetting(own, own.settings[0]!, engine, data);
      let time = 0;
      const outcome = await runAuto(open, {
        ...{ minutes: 0.3, members, data, environment: { versions: {} }, executor: inProcess(data) },
        now: () => (time += 0.8),
      });
      outcome.model.dispose();
      const { tried } = outcome.search;
      return { outcome, models: new Set(tried.map(({ values }) => values.model)), best: tried[0]!.values.model };
    };
    const all = await run(own.entry);
    expect(all.models).toEqual(new Set(models));
    expect(all.best).toBe('gradient-boosting'); // one epoch of 200 rows teaches a network nothing
    expect(all.outcome.finalists[0].trial.model).toBe('gradient-boosting');
    expect(all.outcome.sharing).toBeDefined();
    expect(all.outcome.boosting).toBeUndefined();
    const { boosting, finalists } = (await run(own.entry, 3)).outcome;
    expect(boosting).toMatchObject({ model: 'ensemble', other: 'gradient-boosting' });
    for (const [task, { model, other, difference }] of Object.entries(boosting!.tasks)) {
      const scores = [finalists[0], finalists.find(({ trial }) => trial.model === 'gradient-boosting')!].map(
        ({ predictions }) => auc(predictions[task]!.labels, predictions[task]!.predictions),
      );
      expect(model).toBeCloseTo(scores[0]!, 12);
      expect(other).toBeCloseTo(scores[1]!, 12);
      expect(difference).toBeCloseTo(model - other, 12);
    }

    const withoutTrees = await run({
      ...own.entry,
      open: async (options) => {
        const data = await own.entry.open(options);
        const tasks = Object.fromEntries(
          Object.entries(data.tasks).map(([name, task]) => [name, { ...task, loss: 'jrc' }]),
        );
        return { ...data, tasks };
      },
    });
    expect(withoutTrees.models).toEqual(new Set(['single-task', 'shared-bottom']));
    expect(withoutTrees.outcome.boosting).toBeUndefined();
  },
);

test('a model that shares nothing but embeddings says nothing about sharing', async () => {
  const separate = await createSuite({
    ...{ suite: 'synthetic', models: ['single-task', 'pepnet'], seeds: [1], epochs: 1, limitRows: 200 },
    size: { levels: [4], experts: 2, tower: [2], embedding: 2 },
  });
  const data = openData(() => Promise.resolve(separate.entry));
  const open = await openSetting(separate, separate.settings[0]!, engine, data);
  let time = 0;
  const { model, finalists, sharing } = await runAuto(open, {
    ...{ minutes: 0.1, members: 2, data, environment: { versions: {} }, executor: inProcess(data) },
    now: () => (time += 0.8),
  });
  model.dispose();
  expect(finalists.map(({ trial }) => [trial.model, trial.sharesLayers])).toContainEqual(['single-task', false]);
  expect(sharing).toBeUndefined();
});

test('the key of a choice depends on its minutes and its data', async () => {
  const data = openData(() => Promise.resolve(suite.entry));
  const open = await openSetting(suite, suite.settings[0]!, engine, data);
  const fewer = await openSetting({ ...suite, limitRows: 100 }, suite.settings[0]!, engine, data);
  expect(autoKey(open, 5)).toBe(autoKey(open, 5));
  expect(new Set([autoKey(open, 5), autoKey(open, 6), autoKey(open, 5, 1), autoKey(fewer, 5)]).size).toBe(4);
});

import { expect, test } from 'vitest';
import { openData } from '../trials/open-data.ts';
import { openSetting, planTrials } from '../trials/plan.ts';
import { partsOf } from '../models/model-variant.ts';
import { datasetFromFiles } from '@polytask/data';
import { suiteOfDataset } from './dataset-suite.ts';
import { createSuite, type SuiteChoices } from './suite.ts';
import { declaredSuites } from './declared-suites.ts';
import { suiteByName } from './suites.ts';

test.each(declaredSuites.map(({ name }) => name))(
  '%s is a suite, each of whose models can be built at each size',
  async (name) => {
    const declaration = declaredSuites.find((each) => each.name === name)!;
    const onCensus = !['synthetic', 'funnel'].includes(declaration.extends);
    const suite = await createSuite({ suite: name, directory: onCensus ? 'data' : undefined });
    expect(suite.models.map(({ label }) => label)).toContain(suite.baseline);
    const tasks = suite.entry.name.startsWith('kuairand-pure') ? ['a', 'b', 'c', 'd', 'e'] : ['a', 'b', 'c'];
    for (const { size } of suite.settings)
      for (const model of suite.models) expect(partsOf(model, size, tasks).network.kind).toBe('network');
  },
);

test("the paper's sizes", async () => {
  const { settings } = await createSuite({ suite: 'ablation-residual', directory: 'data' });
  expect(settings.map(({ size }) => [size.experts, size.levels, size.tower])).toEqual([
    [6, [128, 64], [32]],
    [9, [96, 48], [32]],
  ]);
});

test('a budget may have data and models of its own, and a label that the suite has not is refused', async () => {
  const declared = {
    ...{ name: 'parts', extends: 'synthetic', models: ['single-task', 'mmoe', 'adatt'], experts: ['mlp(dropout=0.1)'] },
    data: { correlation: 0.5 },
    budgets: {
      plain: { models: ['single-task', 'adatt'] },
      apart: { data: { correlation: 0 }, models: ['mmoe [mlp(dropout=0.1)]'] },
    },
  };
  const suite = await createSuite({ suite: declared });
  expect(suite.settings.map(({ title, data, models }) => [title, data, models])).toEqual([
    ['plain', { correlation: 0.5 }, ['single-task', 'adatt']],
    ['apart', { correlation: 0 }, ['mmoe [mlp(dropout=0.1)]']],
  ]);
  const data = openData(() => Promise.resolve(suite.entry));
  const opened = async (of: typeof suite) =>
    Promise.all(of.settings.map((setting) => openSetting(of, setting, { name: 'cpu', mode: 'eager' }, data)));
  const planned = async (of: typeof suite) =>
    (await opened(of)).map((setting) => planTrials(setting, undefined, [{ seed: 1 }]).map(({ model }) => model));
  expect(await planned(suite)).toEqual([['single-task', 'adatt'], ['mmoe [mlp(dropout=0.1)]']]);
  expect(await planned(await createSuite({ suite: declared, models: ['adatt'] }))).toEqual([['adatt'], []]);
  const misspelled = { ...declared, budgets: { plain: { models: ['adat'] } } };
  await expect(createSuite({ suite: misspelled })).rejects.toThrow(
    'budgets.plain.models, received "adat". Did you mean',
  );
  const unknown = { ...declared, budgets: { plain: { data: { corelation: 0 } } } };
  await expect(createSuite({ suite: unknown })).rejects.toThrow('received "corelation". Did you mean "correlation"?');
});

test('a data set is compared with gradient boosting as well, unless trees cannot learn it or the models are declared', async () => {
  const rowWith = async (click: object) => {
    const document = { files: 'a.csv', features: { x: 'numeric' }, gaucGroup: 'x', tasks: { click } };
    const csv = `x,click\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 2}`).join('\n')}\n`;
    return suiteOfDataset(await datasetFromFiles(document, { 'a.csv': new Blob([csv]) }, { name: 'shop' }), 'here');
  };
  const suite = await rowWith({ kind: 'binary' });
  const load = (name: string) => (name === 'shop.json' ? Promise.resolve({ suite }) : suiteByName(name));
  const labels = async (choices: SuiteChoices) => (await createSuite(choices, load)).models.map(({ label }) => label);
  const models = ['single-task', 'adatt'];
  expect(await labels({ suite, models })).toEqual([...models, 'gradient-boosting']);
  expect((await labels({ suite })).at(-1)).toBe('gradient-boosting');
  expect(await labels({ suite, models, boosting: false })).toEqual(models);
  expect(await labels({ suite, models: ['gradient-boosting', 'adatt'] })).toEqual(['gradient-boosting', 'adatt']);
  expect(await labels({ suite: { name: 'two', extends: 'shop.json', models } })).toEqual(models);
  const focal = await rowWith({ kind: 'binary', loss: 'focal' });
  expect(await labels({ suite: focal, models })).toEqual([...models, 'gradient-boosting']);
  expect(await labels({ suite: await rowWith({ kind: 'binary', loss: 'bpr' }), models })).toEqual(models);
  expect(await labels({ suite: 'synthetic', models })).toEqual(models);
  expect(await labels({ suite: 'synthetic', models, boosting: true })).toEqual([...models, 'gradient-boosting']);
});

import { expect, test } from 'vitest';
import type { TrialResult } from '../results/trial-result.ts';
import { trialOf } from '../testing/trial-of.ts';
import type { Block } from './blocks.ts';
import { compareDataSets } from '../summary/data-sets.ts';
import { dataSetsDocument } from './data-sets-document.ts';

const documentOf = (...given: Parameters<typeof compareDataSets>) => dataSetsDocument(compareDataSets(...given));

/** Trials of a configuration on a data set, one for each error on the test rows. */
const trials = (
  set: string,
  model: string,
  errors: readonly number[],
  { setting, validation = errors, ...given }: Partial<TrialResult> & { validation?: readonly number[] } = {},
): TrialResult[] =>
  errors.map((error, i) => {
    const { config } = trialOf();
    return trialOf({
      ...{ model, seed: i + 1, ...(setting && { setting }), sharesLayers: model !== 'gradient-boosting' },
      normalizedLosses: { click: error - 0.1, like: error + 0.1 },
      metrics: { click: { auc: 0.8 }, like: { auc: 0.7 } },
      config: {
        ...config,
        data: { set, content: `hash of ${set}`, rows: { train: 700, validation: 100, test: 200 } },
        training: { ...config.training, selection: 'normalizedLoss' },
      },
      curve: [1, 2].map(() => ({ loss: 1, validation: { click: validation[i]!, like: validation[i]! }, seconds: 1 })),
      ...given,
    });
  });

const BOOSTING = [0.8, 0.81, 0.8, 0.79, 0.8];
const less = (by: number) => BOOSTING.map((error, i) => error - by + 0.0001 * (i - 2));

const folder = (from: string, ...all: TrialResult[][]) => ({ from, trials: all.flat() });
const flowers = folder(
  'a',
  trials('flowers', 'gradient-boosting', BOOSTING),
  trials('flowers', 'adatt', less(0.02)),
  trials('flowers', 'mmoe', less(0.03), { validation: [0.9, 0.9, 0.9, 0.9, 0.9] }),
);
const birds = folder(
  'b',
  trials('birds', 'gradient-boosting', BOOSTING),
  trials('birds', 'adatt', less(-0.01)),
  trials('birds', 'mmoe', less(-0.02), { validation: [0.9, 0.9, 0.9, 0.9, 0.9] }),
);

const tables = (blocks: readonly Block[]): string[][][] =>
  blocks.flatMap((block) =>
    block.kind === 'table'
      ? [[block.table.columns.map(({ title }) => title), ...block.table.rows.map((row) => row.map(({ text }) => text))]]
      : block.kind === 'section'
        ? tables(block.blocks)
        : [],
  );

test('validation rows choose, test rows compare: the means over tasks and seeds, and where the interval leaves 0', () => {
  const { blocks } = documentOf([flowers, birds]);
  expect(blocks[0]).toMatchObject({
    sentences: [
      'One network for all tasks, chosen on validation rows, is significantly better than gradient-boosting on 1 of 2 data sets (flowers). ' +
        'It is significantly worse on 1 (birds); on 0 the difference is not significant.',
    ],
  });
  const [sets] = tables(blocks);
  expect(sets![1]!.slice(0, 6)).toEqual(['flowers', '700', 'click, like', '0.8000', 'adatt', '0.7800']);
  expect(sets![1]!.at(-1)).toMatch(/^-0\.0200 ±0\.000\d ▲$/);
  expect(sets![2]!.at(-1)).toMatch(/^\+0\.0100 ±0\.000\d ▼$/);
});

test('one configuration is compared everywhere, if it is named', () => {
  const { blocks } = documentOf([flowers, birds], { configuration: 'mmoe' });
  expect(blocks[0]).toMatchObject({
    sentences: [
      'mmoe is significantly better than gradient-boosting on 1 of 2 data sets (flowers). ' +
        'It is significantly worse on 1 (birds); on 0 the difference is not significant.',
    ],
  });
  const [sets] = tables(blocks);
  expect(sets!.slice(1).map((row) => row.slice(3, 6))).toEqual([
    ['0.8000', 'mmoe', '0.7700'],
    ['0.8000', 'mmoe', '0.8200'],
  ]);
  expect(() => documentOf([flowers, birds], { configuration: 'ple' })).toThrow(
    'Expected trials of ple on every data set, received flowers with gradient-boosting, adatt and mmoe. ' +
      'Run it there, or name another --configuration.',
  );
});

test('ranks are of common seeds, and a note says that means are of others', () => {
  const easy = trials('flowers', 'gradient-boosting', [...BOOSTING, 0.1, 0.1]); // two seeds more, which are easy
  const document = documentOf([folder('a', easy, trials('flowers', 'adatt', less(0.02))), birds]);
  const [, standings] = tables(document.blocks);
  const rows = standings!.slice(1).map(([name, rank]) => [name, rank!.split(' ')[0]]);
  expect(rows.filter(([name]) => name !== 'mmoe')).toEqual([
    ['gradient-boosting', '1.5'],
    ['adatt', '1.5'],
  ]);
  expect(JSON.stringify(document)).toContain('Configurations have different seeds, 5 to 7 of them');
  const backwards = folder('a', [...flowers.trials].reverse());
  expect(JSON.stringify(documentOf([backwards, birds]))).not.toContain('different seeds');
});

test('ranks are means over data sets, of the configurations that all of them have', () => {
  const more = folder('c', trials('birds', 'ple', less(0.04)));
  const [, standings] = tables(documentOf([flowers, birds, more]).blocks);
  const rows = standings!.slice(1).map(([name, rank, won, , ...errors]) => [name, rank!.split(' ')[0], won, ...errors]);
  expect(rows).toEqual([
    ['gradient-boosting', '2.0', '', '0.8000', '0.8000'],
    ['adatt', '2.0', '1–1', '0.7800 ▲', '0.8100 ▼'],
    ['mmoe', '2.0', '1–1', '0.7700 ▲', '0.8200 ▼'],
    ['ple', '', '1–0', '', '0.7600 ▲'],
  ]);
});

test('a setting is compared with the same model without it', () => {
  const taught = folder('c', trials('flowers', 'adatt', less(0.025), { setting: 'teacher' }));
  const gated = folder(
    'd',
    trials('birds', 'adatt {identity}', less(0), {
      parts: { model: 'adatt {identity}', network: 'adatt', gate: 'identity' },
    }),
  );
  const [, , settings] = tables(documentOf([flowers, birds, taught, gated]).blocks);
  expect(settings![0]).toEqual(['setting', 'of', 'mean', 'flowers', 'birds']);
  expect(settings![1]!.slice(0, 2)).toEqual(['teacher', 'adatt']);
  expect(settings![1]!.slice(3)).toEqual(['-0.0050 ▲', '']);
  expect(settings![2]!.slice(0, 2)).toEqual(['identity', 'adatt']);
  expect(settings![2]!.slice(3)).toEqual(['', '-0.0100 ▲']);
});

test('how columns are encoded makes no other data set; other rows and other tasks do', () => {
  const change = (data: object, metrics?: TrialResult['metrics']) =>
    folder(
      'c',
      flowers.trials.slice(5).map((trial) => ({
        ...trial,
        setting: 'other',
        ...(metrics && { metrics }),
        config: { ...trial.config, data: { ...trial.config.data, ...data } },
      })),
    );
  const names = (other: ReturnType<typeof folder>, baseline?: string) =>
    tables(documentOf([flowers, other], { baseline }).blocks)[0]!
      .slice(1)
      .map(([name]) => name);
  expect(names(change({ numbers: { kind: 'quantile-normal' } }))).toEqual(['flowers']);
  expect(() => names(change({ content: 'another hash' }))).toThrow(
    'Expected trials of gradient-boosting on every data set, received flowers: click, like (2) with adatt (other) and mmoe (other). Run it there',
  );
});

test('a model from elsewhere is a configuration, though its predictions differ from seed to seed', () => {
  const elsewhere = trials('flowers', 'xgboost', less(0.01), { epochs: 0 }).map((trial) => ({
    ...trial,
    config: { ...trial.config, model: { network: null, rate: 1, code: `predictions of seed ${trial.seed}` } },
  }));
  const [, standings] = tables(documentOf([flowers, folder('e', elsewhere)]).blocks);
  expect(standings!.map(([name]) => name)).toContain('xgboost');
});

test('the setting of the baseline has no name, and there is one', () => {
  const plain = folder(
    'a',
    ...[flowers].map(({ trials: all }) => all.map((trial) => ({ ...trial, setting: 'plain' }))),
  );
  const [, standings] = tables(documentOf([plain]).blocks);
  expect(standings!.slice(1).map(([name]) => name)).toEqual(['mmoe', 'adatt', 'gradient-boosting']);
  expect(() => documentOf([plain, flowers])).toThrow(
    'Expected one setting with gradient-boosting, received "plain", "". Give budgets models',
  );
});

test('a suite of several data has a data set for each, by the title of its setting', () => {
  const variants = ['alike', 'apart'].map((setting) =>
    flowers.trials.map((trial) => ({
      ...trial,
      setting,
      config: { ...trial.config, data: { ...trial.config.data, content: setting } },
    })),
  );
  const [sets, standings] = tables(documentOf([folder('v', ...variants)]).blocks);
  expect(sets!.slice(1).map(([name]) => name)).toEqual(['flowers, alike', 'flowers, apart']);
  expect(standings!.slice(1).map(([name]) => name)).toEqual(['mmoe', 'adatt', 'gradient-boosting']);
});

test('where no network that shares was run, it says so', () => {
  const only = folder(
    'o',
    trials('flowers', 'gradient-boosting', BOOSTING),
    trials('flowers', 'single-task', less(0.1), { sharesLayers: false }),
  );
  expect(documentOf([only]).blocks[0]).toMatchObject({
    sentences: ['No network that shares layers was run with validation scores on flowers.'],
  });
});

test('results of earlier versions, without normalized losses, are refused', () => {
  const old = { ...flowers, trials: flowers.trials.map(({ normalizedLosses: _, ...trial }) => trial) };
  expect(() => documentOf([old])).toThrow('received gradient-boosting, seed 1 of toy without them');
});

test('two configurations of one name are refused, and so are folders without trials', () => {
  const [first] = flowers.trials;
  const config = { ...first!.config, training: { ...first!.config.training, batchSize: 32 } };
  const other = { from: 'c', trials: [{ ...first!, suite: 'smaller batches', config }] };
  expect(() => documentOf([flowers, other])).toThrow(
    'Expected one configuration gradient-boosting on flowers, received 2, of the suites toy and smaller batches. Give the settings',
  );
  expect(() => documentOf([{ from: 'd', trials: [] }])).toThrow('Expected folders with finished trials');
});

test('with one seed nothing is told from chance', () => {
  const one = { ...flowers, trials: flowers.trials.filter(({ seed }) => seed === 1) };
  const { blocks } = documentOf([one]);
  expect(blocks[0]).toMatchObject({
    sentences: ['A verdict takes at least 5 seeds: flowers has fewer.'],
  });
  expect(JSON.stringify(tables(blocks))).not.toMatch(/[▲▼]/);
});

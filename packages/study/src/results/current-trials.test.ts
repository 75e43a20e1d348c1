import { expect, test } from 'vitest';
import { summarizeTables } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import { currentTrials, leftOutNotes, outdatedNotes, reuseNotes, testRowsNotes } from './current-trials.ts';
import { reusedResults } from '../trials/run-trials.ts';
import { settingKey, trialKey, workKey, type TrialResult } from './trial-result.ts';
import type { TrialSpec } from '../trials/trial-spec.ts';

const { config } = trialOf();
const withCode = (code: string, given: Partial<TrialResult> = {}) =>
  trialOf({ ...given, config: { ...config, model: { ...config.model, code } } });
const withData = (data: object, given: Partial<TrialResult> = {}) =>
  trialOf({ ...given, config: { ...config, data: { ...data } } });

test('other code is another trial of the same table, and other work', () => {
  const [one, two] = [withCode('one'), withCode('two')];
  expect(trialKey(one)).not.toBe(trialKey(two));
  expect(workKey(one)).not.toBe(workKey(two));
  expect(settingKey(one)).toBe(settingKey(two));
  const copyOf = reusedResults([one]);
  expect(copyOf(two as unknown as TrialSpec)).toBeUndefined();
  expect(copyOf({ ...one, setting: '' } as unknown as TrialSpec)).toEqual(one);
  expect(reuseNotes([one, trialOf({ model: 'adatt', seed: 9 })], [two])).toEqual([
    'The runs to reuse have 1 trial of other rows or code under the same name. They are not copied.',
  ]);
  expect(reuseNotes([one], [one])).toEqual([]);
});

test('a row has the trials of one model: that of the plan, or else that of the latest trial', () => {
  const old = [1, 2, 3].map((seed) => withCode('old', { seed }));
  const own = [1, 2].map((seed) => withCode('new', { seed }));
  const baseline = trialOf({ model: 'adatt' });
  expect(currentTrials([...old, baseline, ...own])).toEqual({ current: [baseline, ...own], outdated: old });
  const planned = new Set(old.map(trialKey));
  expect(currentTrials([...old, baseline, ...own], planned)).toEqual({ current: [...old, baseline], outdated: own });
  expect(outdatedNotes([...old, ...own]).map(({ message }) => message)).toEqual([
    '5 trials of single-task left out: their code, or their declaration, was another one.',
  ]);
});

test('so is a model whose declaration has changed under its label, but not one with predictions of its own for each seed', () => {
  const of = (seed: number, network: unknown, epochs = 3) =>
    trialOf({ seed, epochs, config: { ...config, model: { network, rate: 1 } } });
  const [first, second] = [of(1, { units: 4 }), of(2, { units: 8 })];
  expect(currentTrials([first, second]).outdated).toEqual([first]);
  const externals = [1, 2].map((seed) => of(seed, { external: 'lightgbm', predictions: String(seed) }, 0));
  expect(currentTrials(externals).current).toEqual(externals);
});

test('tables of stored trials say what they leave out', () => {
  const trials = [1, 2].map((seed) => withCode('old', { seed })).concat(withCode('new'));
  const [summary] = summarizeTables(trials);
  expect(summary!.models.map(({ seeds }) => seeds)).toEqual([[1]]);
  expect(summary!.warnings.map(({ message }) => message)).toEqual([
    '2 trials of single-task left out: their code, or their declaration, was another one.',
  ]);
});

test('tables of one name with other rows are told apart', () => {
  const tables = [withData({ set: 'shop', content: 'a' }), withData({ set: 'shop', content: 'b' }), trialOf()];
  const messages = summarizeTables(tables).map(({ warnings }) => warnings.map(({ message }) => message));
  const namesake = '1 other table of this name, whose rows are other ones or have no content hash.';
  expect(messages).toEqual([[namesake], [namesake], []]);
});

test('a run says which stored trials have its description, but other rows or none', () => {
  const file = { files: 'a.csv', features: { x: 'numeric' } };
  const now = withData({ set: 'shop', file, content: 'b' });
  const stored = [
    withData({ set: 'shop', file, content: 'a' }, { seed: 2 }),
    withData({ set: 'shop', file, content: 'a' }, { seed: 3 }),
    withData({ set: 'shop', file: { ...file, files: 'b.csv' }, content: 'a' }),
    now,
  ];
  expect(leftOutNotes(stored, [now])).toEqual([
    'The results have 2 trials of other rows or code under the same name. They are not in the tables.',
  ]);
  expect(leftOutNotes([now], [now])).toEqual([]);
});

test('a run says which stored trials stand although their test rows are not known', () => {
  const unknown = withData({ set: 'toy', content: 'visible-0123456789abcdef' });
  expect(testRowsNotes([trialOf(), unknown])).toEqual([
    'Stored trials of toy count: 1. Nothing shows whether their test rows are the same, because the suite states no content() of its ' +
      'data. Use --force (force: true) if the test rows have changed.',
  ]);
  expect(testRowsNotes([trialOf()])).toEqual([]);
});

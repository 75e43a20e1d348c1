import { expect, test, vi } from 'vitest';
import { runStudy, runStudyTrials, type StudyOptions } from './run-study.ts';
import { createSuite } from './suites/suite.ts';
import type { SuiteEntry } from './suites/suite-entry.ts';
import { summarize } from './summary/summarize.ts';
import { type Executor, inProcess, WorkerLost } from './trials/executor.ts';
import { openData } from './trials/open-data.ts';
import { trialKey, type TrialResult } from './results/trial-result.ts';
import type { TrialSpec } from './trials/trial-spec.ts';
import { memoryStore } from './trials/run-trials.ts';

const suite = await createSuite({
  suite: {
    ...{ name: 'small', extends: 'synthetic', data: { rows: 100 }, models: ['single-task', 'adatt'], seeds: [1, 2] },
    search: { method: 'grid', space: { learningRate: { choices: [1e-2, 1e-3] } } },
  },
  epochs: 1,
  limitRows: 100,
  size: { levels: [4, 4], experts: 4, tower: [2], embedding: 2 },
});
const data = openData(() => Promise.resolve(suite.entry));
const here = inProcess(data);

/** A queue: what crosses it is text, and two trials are taken from it at once. */
function queue(fail: (spec: TrialSpec) => void = () => {}): Executor & { readonly sent: TrialSpec[] } {
  const sent: TrialSpec[] = [];
  const received = (spec: TrialSpec) => JSON.parse(JSON.stringify(spec)) as TrialSpec;
  return {
    sent,
    places: 2,
    async run(spec, hooks) {
      if (spec.measures === 'test') {
        sent.push(spec);
        fail(spec);
      }
      return here.run(received(spec), hooks);
    },
    close: () => here.close(),
  };
}

const run = (options: Partial<StudyOptions>) =>
  runStudy(suite, {
    ...{ engine: { name: 'cpu', mode: 'eager' }, data, executor: here, store: memoryStore() },
    ...options,
  });

/** What of a trial doesn't depend on the time. */
const timeless = (trials: readonly TrialResult[]) =>
  trials
    .map(({ model, seed, metrics, config, fusion }) => ({ model, seed, metrics, config, fusion }))
    .sort((a, b) => a.seed - b.seed || (a.model < b.model ? -1 : 1));

test('another place to run trials is an executor: specs are plain data, and give the same results there', async () => {
  const executor = queue();
  const [{ trials }, there] = [await run({}), await run({ executor })];
  expect(timeless(there.trials)).toEqual(timeless(trials));
  expect(executor.sent).toHaveLength(4);
  for (const spec of executor.sent) expect(trialKey(JSON.parse(JSON.stringify(spec)) as TrialSpec)).toBe(spec.key);
  expect(new Set(trials.map(trialKey))).toEqual(new Set(executor.sent.map(({ key }) => key)));
});

test('the trials of a run without its statistics are those of its outcome', { tags: ['long'] }, async () => {
  const store = memoryStore();
  const options = { engine: { name: 'cpu', mode: 'eager' }, data, executor: here, store } as const;
  const trials = await runStudyTrials(suite, options);
  const outcome = await runStudy(suite, options);
  expect(outcome.trials).toEqual(trials);
  expect(outcome.summaries[0].models).toEqual(
    summarize(trials, { baseline: suite.baseline, order: suite.order }).models,
  );
  const broken = queue(() => {
    throw new Error('no memory');
  });
  await expect(
    runStudyTrials(suite, { ...options, executor: broken, force: true, store: memoryStore() }),
  ).rejects.toThrow('No trial came through. The first failed with: no memory');
});

test(
  'what the store has is not run again; with force it is, and the later trial counts',
  { tags: ['long'] },
  async () => {
    const [store, executor] = [memoryStore(), queue()];
    await run({ executor, store });
    const onStart = vi.fn();
    const again = await run({ executor, store, listener: { onStart } });
    expect(onStart).toHaveBeenCalledWith(expect.objectContaining({ there: 4, total: 4 }));
    expect([executor.sent.length, again.trials.length]).toEqual([4, 4]);
    const forced = await run({ executor, store, force: true });
    expect([executor.sent.length, forced.trials.length]).toEqual([8, 4]);
    forced.trials.forEach((trial, i) => expect(trial).not.toBe(again.trials[i]));
    expect(timeless(forced.trials)).toEqual(timeless(again.trials));
  },
);

test('a trial whose place is lost is tried again; one that fails leaves the others', async () => {
  let lost = 0;
  const executor = queue(({ model, seed }) => {
    if (model === 'adatt' && seed === 1 && lost++ === 0) throw new WorkerLost('gone', '');
    if (model === 'adatt' && seed === 2) throw new Error('no luck');
  });
  const log = vi.fn(() => Promise.resolve('adatt.log'));
  const { trials, failures } = await run({ executor, log });
  expect(trials.map(({ model, seed }) => `${model} ${seed}`).sort()).toEqual([
    'adatt 1',
    'single-task 1',
    'single-task 2',
  ]);
  expect(failures).toMatchObject([{ model: 'adatt', seed: 2, attempts: 1, log: 'adatt.log' }]);
  expect(lost).toBe(2);
});

test('of a suite that says nothing about its rows, stored trials count, and the run says what nothing shows', async () => {
  const { entry } = suite;
  const silent: SuiteEntry = { ...entry, name: 'silent', hasKnownRows: false };
  const toy = await createSuite({
    suite: silent,
    models: ['logistic-regression'],
    seeds: [1],
    epochs: 1,
    limitRows: 100,
  });
  const onNote = vi.fn();
  const opened = openData(() => Promise.resolve(silent));
  const options: StudyOptions = {
    ...{ engine: { name: 'cpu', mode: 'eager' }, data: opened, executor: inProcess(opened), store: memoryStore() },
    listener: { onNote },
  };
  await runStudy(toy, options);
  const noted = () => onNote.mock.calls.flat().filter((note) => String(note).includes('content()'));
  expect(noted()).toEqual([]);
  await runStudy(toy, options);
  expect(noted()).toEqual([expect.stringContaining('Nothing shows whether their test rows are the same')]);
});

test('a resumed run expects the mean time of stored trials, if each model has one', async () => {
  const store = memoryStore();
  const { trials } = await run({ store });
  const expected = async (kept: readonly TrialResult[]) => {
    const rest = memoryStore();
    for (const trial of kept)
      await rest.append({ ...trial, seconds: 10 * trial.seed + (trial.model === 'adatt' ? 100 : 0) });
    const onStart = vi.fn();
    await run({ store: rest, executor: queue(), listener: { onStart } });
    return (onStart.mock.lastCall as [{ seconds?: number }])[0].seconds;
  };
  expect(await expected(trials.filter(({ seed }) => seed === 1))).toBe((10 + 110) / 2); // two places
  expect(await expected(trials.filter(({ model, seed }) => model === 'adatt' || seed === 1))).toBe(10);
  expect(await expected(trials.filter(({ model }) => model === 'adatt'))).toBeUndefined();
});

import { labelsOf } from '@polytask/core';
import { type SyntheticOptions, syntheticTasks } from '@polytask/data';
import { expect, test } from 'vitest';
import { runStudy } from '../run-study.ts';
import { inProcess } from '../trials/executor.ts';
import { openData } from '../trials/open-data.ts';
import { memoryStore } from '../trials/run-trials.ts';
import { createSuite } from './suite.ts';
import { defaultSuite } from './declared-suites.ts';
import { synthetic } from './generated-suites.ts';

const TASKS = ['task1', 'task2', 'task3'] as const;
const VARIANTS = ['few labels', 'few rows', 'alike', 'unrelated', 'conflict'] as const;

type Variant = (typeof VARIANTS)[number];
const opened = new Map<Variant, ReturnType<typeof synthetic.open>>();

/** A variant, opened once for all tests. */
function openVariant(name: Variant) {
  const variant = opened.get(name) ?? synthetic.open({ data: defaultSuite.variants![name]! });
  opened.set(name, variant);
  return variant;
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => sum(Array.from(a, (value, i) => value * b[i]!));

test('it is what runs unasked, with a table a variant', async () => {
  expect(defaultSuite.name).toBe('when-sharing-helps');
  const suite = await createSuite({});
  expect(suite.settings.map(({ title }) => title)).toEqual(VARIANTS);
  expect(suite.baseline).toBe('single-task');
});

test.each([
  ['few labels', [240, 8000, 8000], [60, 2000, 2000]],
  ['few rows', [1000, 1000, 1000], [2000, 2000, 2000]],
  ['alike', [8000, 8000, 8000], [2000, 2000, 2000]],
  ['unrelated', [8000, 8000, 8000], [2000, 2000, 2000]],
  ['conflict', [8000, 8000, 8000], [2000, 2000, 2000]],
] as const)('%s has %j labels to train on, and all labels in the test rows', async (name, train, validation) => {
  const rows = (await openVariant(name)).trial(1);
  const labels = (examples: typeof rows.train) => {
    const batch = examples.batch(Uint32Array.from({ length: examples.size }, (_, row) => row));
    return TASKS.map((task) => sum(labelsOf(batch, task).weights));
  };
  expect(labels(rows.train)).toEqual(train);
  expect(labels(rows.validation)).toEqual(validation);
  expect(labels(rows.test())).toEqual([8000, 8000, 8000]);
});

test.each([
  ['few labels', 0.9, 0],
  ['few rows', 0.9, 0],
  ['alike', 0.9, 0],
  ['unrelated', 0, 0],
  ['conflict', 0.9, 0.4],
] as const)('the tasks of %s have a correlation of %d, and conflict in %d of the rows', async (name, r, conflict) => {
  const { config } = await openVariant(name);
  const { rows: _, set: __, kind: ___, ...settings } = config;
  const tasks = syntheticTasks({
    ...(settings as Omit<SyntheticOptions<(typeof TASKS)[number]>, 'tasks'>),
    tasks: TASKS,
    labelRate: 1,
    sines: [],
    noise: 0,
  });
  const w = TASKS.map((task) => tasks.weights[task]);
  for (const [i, j] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const)
    expect(dot(w[i]!, w[j]!)).toBeCloseTo(r, 6); // the vectors have length 1 and mean 0
  const { arrays } = tasks.sample(8000, 3);
  const x = (row: number) => arrays.numeric.subarray(32 * row, 32 * row + 32);
  const turned = TASKS.map(
    (task, t) => labelsOf(arrays, task).labels.filter((y, row) => y * dot(w[t]!, x(row)) < 0).length / 8000,
  );
  expect(turned[0]).toBe(0);
  expect(turned[2]).toBe(0);
  expect(Math.abs(turned[1]! - conflict)).toBeLessThan(0.02); // four standard deviations of 8,000 draws
});

test('each variant but alike changes one setting of it', () => {
  const { alike, ...others } = defaultSuite.variants as Record<string, Record<string, unknown>>;
  for (const [name, own] of Object.entries(others)) {
    const keys = [...new Set([...Object.keys(own), ...Object.keys(alike!)])];
    expect(
      keys.filter((key) => own[key] !== alike![key]),
      name,
    ).toHaveLength(1);
  }
});

test(
  'a small run has a summary of each variant; the narrow control has a tenth more parameters than shared-bottom',
  { tags: ['long'] },
  async () => {
    const suite = await createSuite({
      models: ['single-task', 'single-task, narrow', 'shared-bottom'],
      seeds: [1],
      epochs: 1,
      limitRows: 120,
    });
    const data = openData(() => Promise.resolve(suite.entry));
    const { summaries, trials, failures } = await runStudy(suite, {
      engine: { name: 'cpu', mode: 'eager' },
      data,
      executor: inProcess(data),
      store: memoryStore(),
    });
    expect(failures).toEqual([]);
    expect(summaries.map(({ setting }) => setting)).toEqual(VARIANTS);
    expect(trials).toHaveLength(15);
    const parameters = (name: string) => trials.find(({ model }) => model === name)!.parameters;
    expect(parameters('single-task, narrow') / parameters('shared-bottom')).toBeCloseTo(1.1, 1);
    expect(parameters('single-task') / parameters('shared-bottom')).toBeGreaterThan(2);
  },
);

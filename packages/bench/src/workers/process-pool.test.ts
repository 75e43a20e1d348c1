import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PolytaskError } from '@polytask/core';
import type { SuiteEntry, TrialResult, TrialSpec } from '@polytask/study';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { RunOptions } from '../run-options.ts';
import { runSuite } from '../run-suite.ts';
import { processPool } from './process-pool.ts';

const SUITE = path.join(import.meta.dirname, 'crash.fixture.js');
let out: string;

const code = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
const hook = `export const resolve = (name, { conditions, ...context }, next) =>
  next(name.replace('/src/trial-worker.ts', '/dist/trial-worker.js'), {
    ...context,
    conditions: conditions.filter((condition) => condition !== '@polytask/source'),
  });`;
const BUILT = code(`import { register } from 'node:module'; register(${JSON.stringify(code(hook))});`);

beforeAll(() => {
  vi.stubEnv('NODE_OPTIONS', `--import ${BUILT} --max-old-space-size=120`); // of the processes, which run the build
});
afterAll(() => void vi.unstubAllEnvs());
beforeEach(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  return () => rm(out, { recursive: true, force: true });
});

const options = (more: RunOptions = {}): RunOptions => ({
  suite: SUITE,
  models: ['single-task', 'adatt'],
  engine: 'cpu',
  directory: out,
  out,
  seeds: [1],
  ...more,
});

const timeless = ({ curve, ...trial }: TrialResult) => ({
  ...trial,
  seconds: 0,
  curve: curve.map((epoch) => ({ ...epoch, seconds: 0 })),
});

test('processes give what this one gives', async () => {
  const here = await runSuite({ ...options(), out: undefined });
  const onEpoch = vi.fn();
  const there = await runSuite(options({ workers: 2, listener: { onEpoch } }));
  expect(there.trials.map(({ model, seed }) => [model, seed]).sort()).toEqual([
    ['adatt', 1],
    ['single-task', 1],
  ]);
  for (const trial of here.trials) {
    const same = there.trials.find(({ model }) => model === trial.model)!;
    expect(timeless(same)).toEqual(timeless(trial));
  }
  expect(onEpoch).toHaveBeenCalledWith(1, expect.objectContaining({ model: 'adatt', seed: 1, epochs: 1 }));
});

test(
  'a process that ends takes only its trial with it; one whose process is killed each time is reported, and tried by a later run',
  { tags: ['long'] },
  async () => {
    const onRetry = vi.fn();
    const three = { models: ['single-task'], seeds: [2, 3, 1], workers: 1 };
    const { trials, failures } = await runSuite(options({ ...three, listener: { onRetry } }));
    expect(trials.map(({ seed }) => seed).sort()).toEqual([1, 2]);
    expect(onRetry).toHaveBeenCalledTimes(2); // seeds 2 and 3
    expect(onRetry.mock.calls[0]![0]).toMatchObject({
      message: 'The process of the trial was ended with exit code 7.',
      log: 'about to die\n',
    });
    expect(failures).toMatchObject([{ model: 'single-task', seed: 3, attempts: 2 }]);
    expect(failures[0]!.error.message).toContain('by SIGKILL, for want of memory');
    expect(await readFile(failures[0]!.log!, 'utf8')).toMatch(/^crash, single-task, seed 3\nWorkerLost: /);
    expect(await readFile(path.join(out, 'report.md'), 'utf8')).toContain(
      '- single-task, seed 3, tried 2 times: The process',
    );

    const onStart = vi.fn();
    const stop = new AbortController();
    const onTrialStart = vi.fn(() => stop.abort(new Error('enough')));
    const later = { ...three, signal: stop.signal, listener: { onStart, onTrialStart } };
    await expect(runSuite(options(later))).rejects.toThrow('enough');
    expect(onStart).toHaveBeenCalledWith(expect.objectContaining({ there: 2, total: 3 }));
    expect(onTrialStart).toHaveBeenCalledWith(expect.objectContaining({ seed: 3 }));
  },
);

test('out of memory is a lost trial too', { tags: ['long'] }, async () => {
  const { failures } = await runSuite(options({ models: ['single-task'], seeds: [4, 1], workers: 1, retries: 0 }));
  expect(failures).toHaveLength(1);
  expect(failures[0]!.error.message).toContain('for want of memory it seems: take fewer --workers');
  expect(await readFile(failures[0]!.log!, 'utf8')).toMatch(/heap out of memory/);
});

test(
  'a trial that takes more time or memory than it may is ended, and is no lost one',
  { tags: ['long'] },
  async () => {
    const spec = {
      request: { suite: 'crash', files: [SUITE], data: {}, directory: out },
      seed: 4,
      config: { data: {} },
    };
    const setup = { engine: 'cpu', plugins: [], modules: [] };
    vi.stubEnv('NODE_OPTIONS', `--import ${BUILT}`);
    for (const [limits, message] of [
      [{ minutes: 0.001 }, 'was ended after 0.001 minutes, the limit of --trial-minutes.'],
      [{ bytes: 5e8 }, 'of memory. The limit of --trial-memory is 0.5 GB.'],
    ] as const) {
      const pool = processPool(1, setup, limits);
      const error = await pool.run(spec as unknown as TrialSpec, {}).catch((each: Error) => each);
      expect(error).toBeInstanceOf(PolytaskError);
      expect((error as Error).message).toContain(message);
      await pool.close();
    }
  },
);

test('an abort ends the processes', async () => {
  const stop = new AbortController();
  const listener = { onTrialStart: () => stop.abort(new Error('enough')) };
  await expect(runSuite(options({ workers: 2, signal: stop.signal, listener }))).rejects.toThrow('enough');
});

test('a suite that only this process knows is refused', async () => {
  const { suite } = (await import(SUITE)) as { suite: SuiteEntry };
  await expect(runSuite(options({ suite, workers: 1 }))).rejects.toThrow(
    'Export it from a file and pass that, or leave workers and queue out.',
  );
});

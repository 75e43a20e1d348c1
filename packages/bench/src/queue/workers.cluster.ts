import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { contentKey, type RunOutcome, trialKey, type TrialResult } from '@polytask/study';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openPredictions } from '../predictions/prediction-file.ts';
import type { RunOptions } from '../run-options.ts';
import { runSuite } from '../run-suite.ts';
import { type Cluster, startCluster, type Started, until } from '../testing/cluster.ts';
import { writePeople } from '../testing/people.ts';
import { connect, type Connection } from './connection.ts';
import { manifestOf } from './data-manifest.ts';
import { dataSource, dataFinder } from './data-transfer.ts';
import { trialRecords } from './trial-records.ts';

const CRASH = path.join(import.meta.dirname, '../workers/crash.fixture.js');

let cluster: Cluster;
beforeAll(async () => void (cluster = await startCluster()));
afterAll(() => cluster.stop());
const at = (...names: string[]) => path.join(cluster.folder, ...names);

const run = (options: RunOptions): Promise<RunOutcome> =>
  runSuite({
    ...{
      suite: at('people.json'),
      models: ['single-task', 'shared-bottom'],
      boosting: false,
      seeds: [1, 2],
      epochs: 1,
      engine: 'cpu',
    },
    ...options,
  });
const onQueue = (options: RunOptions = {}) => run({ ...options, queue: cluster.redis.url });

async function withWorker<T>(parameters: readonly string[], action: (worker: Started) => Promise<T>): Promise<T> {
  const worker = cluster.start('worker', '--lost-after', '2', ...parameters);
  try {
    await until('the worker', () => worker.output().includes('waits for trials') || worker.child.exitCode !== null);
    return await action(worker);
  } finally {
    worker.child.kill('SIGINT');
    expect(await worker.ended(), worker.output()).toBe(0);
  }
}

const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, each: unknown) => (key === 'seconds' ? 0 : each)));

test(
  'two coordinators of one study train each trial once, and a search on the queue chooses what a search here does',
  { tags: ['smoke'] },
  async () => {
    const suite = at('search.json');
    const search = { method: 'halving', trials: 4, space: { learningRate: { from: 1e-3, to: 1e-1, scale: 'log' } } };
    await writeFile(suite, JSON.stringify({ name: 'searched', extends: './people.json', search }));
    const here = await run({ suite, epochs: 3 });
    await withWorker([], async (worker) => {
      const there = await Promise.all([onQueue({ suite, epochs: 3 }), onQueue({ suite, epochs: 3 })]);
      for (const { summaries } of there) expect(timeless(summaries)).toEqual(timeless(here.summaries));
      const finished = worker.output().split('finished').length - 1;
      const onCandidate = vi.fn();
      await run({ suite, epochs: 3, listener: { onCandidate } });
      expect(finished).toBe(4 + onCandidate.mock.calls.length);
      await onQueue({ suite, epochs: 3 }); // its results are in Redis
      expect(worker.output().split('finished').length - 1).toBe(finished);
    });
  },
);

test('a worker with other data, or without a plugin, refuses a trial with a reason that reaches the coordinator', async () => {
  await mkdir(at('other'));
  await writePeople(at('other'), 40);
  await withWorker(['--data', at('other')], async () => {
    const { failures } = await onQueue({ seeds: [3] }).catch((error: Error) => ({ failures: [{ error }] }));
    expect(failures[0]!.error.message).toContain(`received another people.csv in ${at('other')}`);
  });
  await withWorker([], async () => {
    const running = onQueue({ suite: CRASH, directory: cluster.folder });
    await expect(running).rejects.toThrow('Expected the module crash.fixture.js of the study, received none.');
  });
});

test('a worker refuses a plugin that imports other code, although its own file is the same', async () => {
  for (const [folder, value] of [
    ['here', 1],
    ['there', 2],
  ] as const) {
    await mkdir(at(folder));
    await writeFile(at(folder, 'plugin.mjs'), "export { value } from './value.mjs';");
    await writeFile(at(folder, 'value.mjs'), `export const value = ${value};`);
  }
  const plugins = [at('here', 'plugin.mjs')];
  const options = { plugins, seeds: [6], models: ['single-task'] };
  await withWorker(['--import', at('there', 'plugin.mjs')], async () => {
    await expect(onQueue(options)).rejects.toThrow('received a module of this name with another content');
  });
  await writeFile(at('there', 'value.mjs'), 'export const value = 1;');
  await withWorker(['--import', at('there', 'plugin.mjs')], async () => {
    expect((await onQueue(options)).failures).toEqual([]);
  });
});

test('a trial that kills its process each time fails alone, with its log', async () => {
  await mkdir(at('marks'));
  await writeFile(at('marks', 'some'), ''); // a directory of data has files
  await withWorker(['--import', CRASH], async () => {
    const { trials, failures } = await onQueue({
      suite: CRASH,
      directory: at('marks'),
      seeds: [3, 1],
      models: ['adatt'],
    });
    expect(trials.map(({ seed }) => seed)).toEqual([1]);
    expect(failures).toMatchObject([{ seed: 3, attempts: 2 }]);
    expect(failures[0]!.error.message).toContain('by SIGKILL');
  });
});

test('predictions come back over the queue, the same as those of this machine, also for a second coordinator', async () => {
  const options = { seeds: [5], keepPredictions: true };
  const { trials } = await run({ ...options, out: at('kept-here') });
  const keys = trials.map(trialKey);
  const metricsByKey = (of: readonly TrialResult[]) => new Map(of.map((trial) => [trialKey(trial), trial.metrics]));
  const kept = async (out: string) => {
    const { trials: there, failures } = await onQueue({ ...options, out: at(out) });
    expect(failures).toEqual([]);
    expect(metricsByKey(there)).toEqual(metricsByKey(trials));
    const [own, others] = [openPredictions(at('kept-here')), openPredictions(at(out))];
    for (const key of keys) expect(await others.read(key)).toEqual(await own.read(key));
  };
  await withWorker([], async (worker) => {
    const trained = () => worker.output().split('finished').length - 1;
    await Promise.all([kept('kept-1'), kept('kept-2')]);
    await kept('kept-3'); // read again
    expect(trained()).toBe(keys.length);
    const { redis, close } = await connect(cluster.redis.url);
    await redis.del(await redis.keys('polytask:predictions:*'));
    await close();
    await kept('kept-4'); // gone from Redis: trained again
    expect(trained()).toBe(2 * keys.length);
  });
});

test("of two workers with one trial, the first one's predictions count, and the others are removed", async () => {
  const connection = await connect(cluster.redis.url);
  const records = trialRecords(connection.redis);
  const [trial] = (await run({ seeds: [5], keepPredictions: true, out: at('kept-here'), models: ['single-task'] }))
    .trials;
  const predictions = await openPredictions(at('kept-here')).read(trialKey(trial!));
  const other = { ...predictions, validation: undefined };
  const before = (await connection.redis.keys('polytask:predictions:*')).length;
  await records.commit('run-raced', { ...trial!, predictions });
  await records.commit('run-raced', { ...trial!, seconds: 1, predictions: other });
  expect(await records.result('run-raced')).toEqual({ ...trial!, predictions });
  expect((await connection.redis.keys('polytask:predictions:*')).length).toBe(before + 1);
  await connection.close();
});

test(
  'a worker without the data fetches it from the coordinator, once, and takes no other content for it',
  { tags: ['smoke'] },
  async () => {
    const connections: Connection[] = await Promise.all([connect(cluster.redis.url), connect(cluster.redis.url)]);
    const [coordinator, worker] = connections as [Connection, Connection];
    const content = Buffer.alloc(5_000_000, 'some rows\n');
    await mkdir(at('large', 'part'), { recursive: true });
    await writeFile(at('large', 'part', 'rows.csv'), content);
    const manifest = await manifestOf(at('large'), [at('large', 'part', 'rows.csv')]);
    const source = dataSource(coordinator.redis, coordinator.another());
    await source.offer(manifest);
    const elsewhere = { ...manifest, root: '/not/on/this/machine' };
    const find = dataFinder(worker.redis, { cache: at('fetched') });
    const folder = await find(elsewhere);
    expect((await manifestOf(folder, [path.join(folder, 'part', 'rows.csv')])).hash).toBe(manifest.hash);
    source.close();
    const nobodys = {
      ...elsewhere,
      hash: contentKey([{ ...manifest.files[0]!, sha256: '0' }]),
      files: [{ ...manifest.files[0]!, sha256: '0' }],
    };
    await expect(find(nobodys)).rejects.toThrow('received none that offers it');
    expect(await dataFinder(worker.redis, { cache: at('fetched') })(elsewhere)).toBe(folder); // nobody sends it any more
    expect(await find(manifest, { whole: true })).toBe(at('large'));
    await writeFile(at('large', 'other.csv'), ''); // a file that the job doesn't name
    expect(await find(manifest)).toBe(at('large'));
    expect(await find(manifest, { whole: true })).toBe(folder);
    await cp(at('people.csv'), path.join(folder, 'part', 'rows.csv'));
    await expect(dataFinder(worker.redis, { data: folder, cache: at('fetched') })(elsewhere)).rejects.toThrow(
      `received another part/rows.csv in ${folder}`,
    );
    await Promise.all(connections.map((each) => each.close()));
  },
);

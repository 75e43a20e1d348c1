import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { contentKey, type RunOutcome, type TrialResult } from '@polytask/study';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunOptions } from '../run-options.ts';
import { runSuite } from '../run-suite.ts';
import { type Cluster, startCluster, type Started, startPolytask, startRedis, until } from '../testing/cluster.ts';
import { writePeople } from '../testing/people.ts';
import { connect, type Connection } from './connection.ts';
import { trialRecords } from './trial-records.ts';

// Part of `npm run test:cluster`: dead coordinators, Redis servers without writes, jobs of strangers, wrong clocks.

const PATIENCE = 600; // seconds; a machine may be busy
let cluster: Cluster;
let connection: Connection;
beforeAll(async () => {
  cluster = await startCluster();
  connection = await connect(cluster.redis.url);
});
afterAll(async () => {
  await connection.close();
  await cluster.stop();
});
const at = (...names: string[]) => path.join(cluster.folder, ...names);

const STUDY = { models: ['single-task'], boosting: false, seeds: [1, 2], epochs: 1, engine: 'cpu' };
const onQueue = (options: RunOptions = {}): Promise<RunOutcome> =>
  runSuite({ suite: at('people.json'), ...STUDY, queue: cluster.redis.url, ...options });
const bench = (data: string, ...more: string[]) =>
  cluster.start(
    ...['bench', data, '--models', 'single-task', '--no-boosting', '--seeds', '20', '--epochs', '1', '--engine', 'cpu'],
    ...more,
  );

async function withWorker(worker: Started, action: () => Promise<void>): Promise<void> {
  try {
    await until('the worker', () => worker.output().includes('waits for trials'), PATIENCE);
    await action();
  } finally {
    await worker.kill();
  }
}
const isEmpty = async () =>
  Object.values(await connection.queue.getJobCounts('wait', 'delayed', 'active', 'prioritized')).every((n) => n === 0);

/** The jobs of a coordinator that is killed, and whose data is gone. */
async function jobsOfTheDead(folder: string): Promise<readonly { data: object; id?: string | undefined }[]> {
  await mkdir(at(folder));
  await writePeople(at(folder), 45);
  const dead = bench(at(folder, 'people.json'));
  await until('its jobs', async () => (await connection.queue.getWaitingCount()) === 20, PATIENCE);
  await dead.kill();
  await rm(at(folder), { recursive: true });
  return connection.queue.getWaiting();
}

test('a coordinator that dies with data that only it has holds up no other study', async () => {
  await jobsOfTheDead('gone');
  const worker = cluster.start('worker');
  await withWorker(worker, async () => {
    const { trials, failures } = await onQueue();
    expect(failures).toEqual([]);
    expect(trials).toHaveLength(2);
    await until('an empty queue', isEmpty, PATIENCE);
    expect(worker.output().split('finished').length - 1).toBe(2);
  });
}, 1_500_000);

test('jobs of strangers are refused in words, and the worker goes on', async () => {
  const [job] = (await jobsOfTheDead('template')) as [{ data: Record<'spec' | 'needs', Record<string, unknown>> }];
  await connection.queue.obliterate({ force: true });
  const { spec, needs } = job.data;
  const anyFolder = { hash: contentKey([]), root: '/etc', files: [] };
  const forged = {
    'any-folder': [{ spec, needs: { ...needs, files: anyFolder } }, 'without files'],
    'any-directory': [
      {
        spec: { ...spec, request: { ...Object(spec['request']), files: [], directory: '.' } },
        needs: { ...needs, files: undefined, directory: anyFolder },
      },
      'without files',
    ],
    'any-method': [{ spec: { ...spec, measures: 'close' }, needs }, 'measures'],
    'any-mode': [{ spec: { ...spec, mode: 'constructor' }, needs }, 'mode'],
    'any-engine': [{ spec: { ...spec, engine: '__proto__' }, needs }, '__proto__'],
    'a-text': ['close', 'Expected an object'],
  } as const;
  const records = trialRecords(connection.redis);
  for (const [id, [data]] of Object.entries(forged)) await connection.queue.add('test', data as never, { jobId: id });
  const ids = Object.keys(forged);
  const says = setInterval(() => void records.await(ids).catch(() => {}), 3000);
  await records.await(ids);
  const worker = cluster.start('worker');
  await withWorker(worker, async () => {
    for (const [id, [, word]] of Object.entries(forged)) {
      const reasons = async () => Object.values(await records.refusals(id)).join();
      await until(id, async () => (await reasons()) !== '', PATIENCE);
      expect(await reasons(), id).toContain(word);
    }
    expect((await onQueue({ seeds: [3] })).failures).toEqual([]);
    clearInterval(says);
    await until('an empty queue', isEmpty, PATIENCE);
  }).finally(() => clearInterval(says));
}, 1_500_000);

test('a replica, or a user who may not write, is an error that ends the command', async () => {
  await mkdir(at('replica'));
  const replica = await startRedis(at('replica'));
  const other = await connect(replica.url);
  await other.redis.call('replicaof', '127.0.0.1', new URL(cluster.redis.url).port);
  await other.close();
  const rights = {
    reader: ['~*', '+@read', '+@connection', '+info'],
    partial: ['~*', '+@all', '-zadd'],
    study: ['~polytask:*', '+@all', '-@dangerous', '+info'], // those of docs/cluster.md
  };
  const urlOf = (user: string) => cluster.redis.url.replace('redis://:open-sesame', `redis://${user}:secret`);
  for (const [user, rules] of Object.entries(rights))
    await connection.redis.call('acl', 'setuser', user, 'on', '>secret', '&*', ...rules);
  const commands = [
    [replica.url, 'READONLY'],
    [urlOf('reader'), 'NOPERM'],
    [urlOf('partial'), 'EXECABORT'],
  ].flatMap(([url, word]) => [
    [cluster.start('worker', '--queue', url!), word] as const,
    [bench('people.json', '--queue', url!), word] as const,
  ]);
  for (const [command, word] of commands) {
    expect(await command.ended()).toBe(1);
    expect(command.output()).toContain(word);
  }
  await replica.stop();
  await withWorker(cluster.start('worker', '--queue', urlOf('study')), async () => {
    expect((await onQueue({ seeds: [4], queue: urlOf('study') })).failures).toEqual([]);
  });
}, 1_500_000);

test('two suites of two coordinators in one queue, and a Redis that is killed meanwhile, give what each gives by itself', async () => {
  const suites = ['first', 'second'].map((name) => at(`${name}.json`));
  for (const [i, suite] of suites.entries())
    await writeFile(
      suite,
      JSON.stringify({ name: path.basename(suite), extends: './people.json', training: { batchSize: 32 * (i + 1) } }),
    );
  const metrics = ({ trials }: RunOutcome) => new Map(trials.map((trial) => [trial.seed, trial.metrics]));
  const options = (suite: string) => ({ suite, seeds: [1, 2, 3, 4, 5] });
  const worker = cluster.start('worker', '--lost-after', '3');
  await withWorker(worker, async () => {
    const running = Promise.all(suites.map((suite) => onQueue(options(suite))));
    const killed = until('a trial', () => worker.output().includes('finished'), PATIENCE).then(cluster.redis.restart);
    await Promise.race([killed, running.then(() => expect.fail('too early'))]);
    const here = await Promise.all(suites.map((suite) => onQueue({ ...options(suite), queue: undefined })));
    expect((await running).map(metrics)).toEqual(here.map(metrics));
    expect(metrics(here[0]!)).not.toEqual(metrics(here[1]!));
  });
}, 1_500_000);

test('of a worker that is killed in the middle of a commit, nothing stays, and another one commits', async () => {
  const { redis } = connection;
  const out = at('kept');
  const { trials } = await onQueue({ seeds: [1], queue: undefined, keepPredictions: true, out });
  const { openPredictions } = await import('../predictions/prediction-file.ts');
  const [key] = [...(await openPredictions(out).keys())];
  const trial: TrialResult = { ...trials[0]!, predictions: await openPredictions(out).read(key!) };
  const dying = new Proxy(redis, {
    get: (target, name) =>
      name === 'set' ? () => new Promise(() => {}) : (target[name as keyof Redis] as () => unknown).bind(target),
  });
  void trialRecords(dying).commit('test-killed', trial);
  const sent = () => redis.keys('polytask:predictions:*');
  await until('predictions', async () => (await sent()).length > 0);
  for (const each of await sent()) expect(await redis.ttl(each)).toBeGreaterThan(0);
  const records = trialRecords(redis);
  expect(await records.result('test-killed')).toBeUndefined();
  await records.commit('test-killed', trial);
  expect(await records.result('test-killed')).toEqual(trial);
}, 1_500_000);

test('a refusal by a clock that is an hour ahead holds a trial up for some seconds, also where the next clock is behind', async () => {
  const shifted = (hours: number, ...more: string[]) => {
    const shift = `const now = Date.now; globalThis.Date = class extends Date { static now() { return now() + ${hours} * 3600000; }
      constructor(...given) { if (given.length > 0) super(...given); else super(now() + ${hours} * 3600000); } };`;
    const env = {
      POLYTASK_QUEUE: cluster.redis.url,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(shift)}`,
    };
    return startPolytask(['worker', '--cache', at('cache'), '--lost-after', '3', ...more], env, cluster.folder);
  };
  await mkdir(at('other'));
  await writePeople(at('other'), 40);
  const ahead = shifted(1, '--data', at('other'));
  const behind = shifted(-1);
  try {
    await until(
      'both workers',
      () => [ahead, behind].every((each) => each.output().includes('waits for trials')),
      PATIENCE,
    );
    behind.child.kill('SIGSTOP'); // so that the other one refuses first
    const running = onQueue({ seeds: [7] });
    await until('a refusal', () => ahead.output().includes('refused'), PATIENCE);
    await ahead.kill();
    behind.child.kill('SIGCONT');
    expect((await running).failures).toEqual([]);
  } finally {
    await Promise.all([ahead.kill(), behind.kill()]);
  }
}, 1_500_000);

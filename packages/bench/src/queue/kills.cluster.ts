import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { randomStream } from '@polytask/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  linesOf,
  type RedisServer,
  type Started,
  startPolytask,
  startRedis,
  summaryOf,
  until,
} from '../testing/cluster.ts';

// `npm run test:cluster`: what must hold when everything dies that can.

const SEEDS = 100;
const TRIALS = 2 * SEEDS;
const KILLS = 20;
const WORKERS = 3;

let folder: string;
let redis: RedisServer;
const running = new Set<Started>();
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-cluster-'));
  await mkdir(path.join(folder, 'redis'));
  redis = await startRedis(path.join(folder, 'redis'));
  await writeFile(path.join(folder, 'people.csv'), people());
  await writeFile(path.join(folder, 'people.json'), JSON.stringify(dataset));
});
afterAll(async () => {
  for (const each of running) each.child.kill('SIGKILL');
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

const dataset = {
  files: 'people.csv',
  features: { age: { kind: 'numeric' }, job: { kind: 'categorical' } },
  tasks: { buys: { kind: 'binary', positive: 'yes' }, returns: { kind: 'binary', positive: 'yes' } },
  split: { kind: 'random', validation: 0.2, test: 0.3 },
};
function people(): string {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const age = 20 + ((i * 37) % 50);
    return `${age},${['baker', 'smith', 'clerk'][(i * 7) % 3]},${age + (i % 13) > 50 ? 'yes' : 'no'},${i % 5 > 2 ? 'yes' : 'no'}`;
  });
  return ['age,job,buys,returns', ...rows, ''].join('\n');
}

const start = (...parameters: string[]): Started => {
  const started = startPolytask(parameters, { POLYTASK_QUEUE: redis.url, XDG_CACHE_HOME: folder }, folder);
  running.add(started);
  void started.ended().then(() => running.delete(started));
  return started;
};
const bench = (out: string, ...more: string[]) =>
  start(
    'bench',
    '--data',
    'people.json',
    '--models',
    'single-task,shared-bottom',
    '--seeds',
    String(SEEDS),
    ...[...['--epochs', '2', '--engine', 'cpu', '--out', out], ...more],
  );
const worker = () => start('worker', '--patience', '2');

test(`${KILLS} kills of workers, two of Redis and one of the coordinator: the summary is one machine's, and no trial is lost or doubled`, async () => {
  const local = startPolytask(
    [
      ...['bench', '--data', 'people.json', '--models', 'single-task,shared-bottom', '--seeds', String(SEEDS)],
      ...['--epochs', '2', '--engine', 'cpu', '--out', 'local', '--workers', '2'],
    ],
    {},
    folder,
  );
  expect(await local.ended(), local.output()).toBe(0);

  const results = path.join(folder, 'cluster', 'results.jsonl');
  const done = async () => (await linesOf(results)).length;
  let coordinator = bench('cluster');
  const workers = Array.from({ length: WORKERS }, worker);
  const random = randomStream(1, 'kills');
  for (let kill = 1; kill <= KILLS; kill++) {
    const mark = Math.floor((kill * TRIALS) / (KILLS + 1));
    await until(`${mark} trials: ${coordinator.output().slice(-2000)}`, async () => (await done()) >= mark);
    const victim = random.integer(WORKERS);
    await workers[victim]!.kill();
    workers[victim] = worker();
    if (kill === 7 || kill === 14) await redis.restart();
    if (kill === 10) {
      await coordinator.kill();
      coordinator = bench('cluster');
    }
  }
  expect(await coordinator.ended(), coordinator.output()).toBe(0);

  const keys = (await linesOf(results)).map((line) => {
    const { model, seed } = JSON.parse(line) as { model: string; seed: number };
    return `${model} ${seed}`;
  });
  expect(keys).toHaveLength(TRIALS);
  expect(new Set(keys).size).toBe(TRIALS);
  expect(await summaryOf(path.join(folder, 'cluster'))).toBe(await summaryOf(path.join(folder, 'local')));
  for (const each of workers) each.child.kill('SIGINT');
  for (const each of workers) await each.ended();
}, 600_000);

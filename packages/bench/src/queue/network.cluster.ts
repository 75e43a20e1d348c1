import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, linesOf, startCluster, summaryOf, until } from '../testing/cluster.ts';
import { type Network, startNetwork } from '../testing/network.ts';

// Part of `npm run test:cluster`: the coordinator and Redis in one network namespace, the workers in another one.

const SEEDS = 20;
const TRIALS = 2 * SEEDS;
const PATIENCE = 3;

let network: Network;
let cluster: Cluster;
beforeAll(async () => {
  network = await startNetwork();
  cluster = await startCluster(network);
});
afterAll(async () => {
  await cluster.stop();
  await network.remove();
});

const bench = (out: string, ...more: string[]) =>
  cluster.start(
    ...['bench', 'people.json', '--models', 'single-task,shared-bottom', '--seeds', String(SEEDS)],
    ...['--epochs', '2', '--engine', 'cpu', '--out', out, ...more],
  );

test('three workers on another network, without the data: a cable that is out longer than their patience changes nothing', async () => {
  const results = path.join(cluster.folder, 'cluster', 'results.jsonl');
  const finished = async () => (await linesOf(results)).length;
  const coordinator = bench('cluster');
  const workers = Array.from({ length: 3 }, () => cluster.start('worker', '--lost-after', String(PATIENCE)));
  await until('some trials', async () => (await finished()) >= TRIALS / 4, 300);
  await network.connect(false);
  await setTimeout(3 * PATIENCE * 1000);
  const before = await finished();
  await network.connect(true);
  expect(before).toBeLessThan(TRIALS);
  await until('a trial after the cut', async () => (await finished()) > before, 300);
  await workers[0]!.kill();
  expect(await coordinator.ended(), coordinator.output()).toBe(0);
  const trials = (await linesOf(results)).map((line) => {
    const { model, seed } = JSON.parse(line) as { model: string; seed: number };
    return `${model} ${seed}`;
  });
  expect([trials.length, new Set(trials).size]).toEqual([TRIALS, TRIALS]);
  for (const worker of workers.slice(1)) {
    worker.child.kill('SIGINT');
    expect(await worker.ended(), worker.output()).toBe(0);
  }
  const local = bench('local', '--workers', '2');
  expect(await local.ended(), local.output()).toBe(0);
  const [there, here] = ['cluster', 'local'].map((out) => summaryOf(path.join(cluster.folder, out)));
  expect(await there).toBe(await here);
}, 900_000);

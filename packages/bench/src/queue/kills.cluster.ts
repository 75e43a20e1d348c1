import path from 'node:path';
import { randomStream, integerBelow } from '@polytask/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, linesOf, startCluster, summaryOf, until } from '../testing/cluster.ts';

// `npm run test:cluster`: what must hold when everything dies that can.

const SEEDS = 100;
const TRIALS = 2 * SEEDS;
const [WORKERS, KILLS] = [3, 20];
/** After which kills of a worker something else is killed too. */
const ALSO = { redis: [7, 14], coordinator: [10] };

let cluster: Cluster;
beforeAll(async () => void (cluster = await startCluster()));
afterAll(() => cluster.stop());

const bench = (out: string, ...more: string[]) =>
  cluster.start(
    ...['bench', 'people.json', '--models', 'single-task,shared-bottom', '--seeds', String(SEEDS)],
    ...['--epochs', '2', '--engine', 'cpu', '--out', out, ...more],
  );
const worker = () => cluster.start('worker', '--lost-after', '5');

const TITLE = "the summary is one machine's, and no trial is lost or doubled";
test(`${KILLS} kills of workers, two of Redis and one of the coordinator: ${TITLE}`, async () => {
  const results = path.join(cluster.folder, 'cluster', 'results.jsonl');
  let coordinator = bench('cluster');
  const workers = Array.from({ length: WORKERS }, worker);
  const random = randomStream(1, 'kills');
  for (let kill = 1; kill <= KILLS; kill++) {
    const mark = Math.floor((kill * TRIALS) / (KILLS + 1));
    await until(`${mark} trials`, async () => (await linesOf(results)).length >= mark, 400);
    const victim = integerBelow(random, WORKERS);
    await workers[victim]!.kill();
    workers[victim] = worker();
    if (ALSO.redis.includes(kill)) await cluster.redis.restart();
    if (ALSO.coordinator.includes(kill)) {
      await coordinator.kill();
      coordinator = bench('cluster');
    }
  }
  expect(await coordinator.ended(), coordinator.output()).toBe(0);
  const trials = (await linesOf(results)).map((line) => {
    const { model, seed } = JSON.parse(line) as { model: string; seed: number };
    return `${model} ${seed}`;
  });
  expect(trials).toHaveLength(TRIALS);
  expect(new Set(trials).size).toBe(TRIALS);
  for (const each of workers) {
    each.child.kill('SIGINT');
    expect(await each.ended(), each.output()).toBe(0);
  }

  const local = bench('local', '--workers', '2');
  expect(await local.ended(), local.output()).toBe(0);
  const here = await summaryOf(path.join(cluster.folder, 'local'));
  expect(await summaryOf(path.join(cluster.folder, 'cluster'))).toBe(here);
}, 1_500_000);

import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster, until } from '../testing/cluster.ts';
import { clusterStudy } from '../testing/cluster-study.ts';
import { type Network, startNetwork } from '../testing/network.ts';

// Part of `npm run test:cluster`: the coordinator and Redis in one network namespace, the workers in another one.

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

test('three workers on another network, without the data: a cable that is out longer than their patience changes nothing', async () => {
  const { trials, finished, ...study } = clusterStudy(cluster, 20);
  const coordinator = study.coordinator();
  const workers = Array.from({ length: 3 }, () => cluster.start('worker', '--lost-after', String(PATIENCE)));
  await until('some trials', async () => (await finished()) >= trials / 4, 300);
  await network.connect(false);
  await setTimeout(3 * PATIENCE * 1000);
  const before = await finished();
  await network.connect(true);
  expect(before).toBeLessThan(trials);
  await until('a trial after the cut', async () => (await finished()) > before, 300);
  await workers[0]!.kill();
  await study.expectWhole(coordinator, workers.slice(1));
}, 900_000);

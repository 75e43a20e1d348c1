import { randomStream, integerBelow } from '@polytask/core';
import { afterAll, beforeAll, test } from 'vitest';
import { type Cluster, startCluster, until } from '../testing/cluster.ts';
import { clusterStudy } from '../testing/cluster-study.ts';

// `npm run test:cluster`: what must hold when everything dies that can.

const SEEDS = 100;
const [WORKERS, KILLS] = [3, 20];
/** After which kills of a worker something else is killed too. */
const ALSO = { redis: [7, 14], coordinator: [10] };

let cluster: Cluster;
beforeAll(async () => void (cluster = await startCluster()));
afterAll(() => cluster.stop());

const worker = () => cluster.start('worker', '--lost-after', '5');

const TITLE = "the summary is one machine's, and no trial is lost or doubled";
test(`${KILLS} kills of workers, two of Redis and one of the coordinator: ${TITLE}`, async () => {
  const study = clusterStudy(cluster, SEEDS);
  let coordinator = study.coordinator();
  const workers = Array.from({ length: WORKERS }, worker);
  const random = randomStream(1, 'kills');
  for (let kill = 1; kill <= KILLS; kill++) {
    const mark = Math.floor((kill * study.trials) / (KILLS + 1));
    await until(`${mark} trials`, async () => (await study.finished()) >= mark, 400);
    const victim = integerBelow(random, WORKERS);
    await workers[victim]!.kill();
    workers[victim] = worker();
    if (ALSO.redis.includes(kill)) await cluster.redis.restart();
    if (ALSO.coordinator.includes(kill)) {
      await coordinator.kill();
      coordinator = study.coordinator();
    }
  }
  await study.expectWhole(coordinator, workers);
}, 1_500_000);

import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster, until } from '../testing/cluster.ts';
import { clusterStudy } from '../testing/cluster-study.ts';

// Part of `npm run test:cluster`: the coordinator and Redis in one network namespace, the workers in another one.

const PATIENCE = 3;

let network: Awaited<ReturnType<typeof startNetwork>>;
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

const run = promisify(execFile);

/** The addresses of the two sides, on a network that exists only between them. */
const ADDRESSES = { coordinator: '10.77.0.1', workers: '10.77.0.2' } as const;

type Side = keyof typeof ADDRESSES;

/** Two network namespaces on this machine with a cable between them. Needs root, and `ip` of iproute2. */
async function startNetwork() {
  const nameOf = (side: Side) => `polytask-${process.pid}-${side}`;
  const plugOf = (side: Side) => `pt${process.pid}${side[0]}`; // at most 15 characters
  const within = (side: Side, ...command: string[]) => run('ip', ['netns', 'exec', nameOf(side), ...command]);
  const sides: readonly Side[] = ['coordinator', 'workers'];
  for (const side of sides) await run('ip', ['netns', 'add', nameOf(side)]);
  const [first, second] = sides as readonly [Side, Side];
  await run('ip', ['link', 'add', plugOf(first), 'type', 'veth', 'peer', 'name', plugOf(second)]);
  for (const side of sides) {
    await run('ip', ['link', 'set', plugOf(side), 'netns', nameOf(side)]);
    await within(side, 'ip', 'address', 'add', `${ADDRESSES[side]}/24`, 'dev', plugOf(side));
    for (const link of ['lo', plugOf(side)]) await within(side, 'ip', 'link', 'set', link, 'up');
  }
  return {
    addresses: ADDRESSES,
    /** The beginning of a command that runs on a side. @param hidden a folder that it can't see */
    on(side: Side, hidden?: string): readonly string[] {
      const command = ['ip', 'netns', 'exec', nameOf(side)];
      // `ip netns exec` has mounts of its own
      return hidden === undefined ? command : [...command, 'sh', '-c', 'mount -t tmpfs none "$0" && exec "$@"', hidden];
    },
    /** Pulls the cable out, so that packets are lost, or plugs it in again. */
    connect: async (plugged: boolean) =>
      void (await within(first, 'ip', 'link', 'set', plugOf(first), plugged ? 'up' : 'down')),
    async remove() {
      for (const side of sides) await run('ip', ['netns', 'delete', nameOf(side)]);
    },
  };
}

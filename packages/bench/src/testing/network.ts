import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

// Two network namespaces on this machine with a cable between them, for tests. Needs root, and `ip` of iproute2.

const run = promisify(execFile);

/** The addresses of the two sides, on a network that exists only between them. */
const ADDRESSES = { coordinator: '10.77.0.1', workers: '10.77.0.2' } as const;

export type Side = keyof typeof ADDRESSES;

export type Network = Awaited<ReturnType<typeof startNetwork>>;

export async function startNetwork() {
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

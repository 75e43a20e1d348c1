import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writePeople } from './people.ts';

// The processes of a cluster on this machine, for tests and measurements: a Redis server, coordinators and workers.

export type Started = ReturnType<typeof start>;

function start(command: string, parameters: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string) {
  const child = spawn(command, parameters, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const end = once(child, 'close');
  return {
    child,
    output: () => output,
    /** Waits for its end. @returns the exit code; null after a signal */
    ended: async () => ((await end) as [number | null])[0],
    async kill() {
      child.kill('SIGKILL');
      await end;
    },
  };
}

/** Starts the `polytask` command from its sources. @param before the beginning of the command line */
export const startPolytask = (
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string = import.meta.dirname,
  before: readonly string[] = [],
): Started => {
  const resolved = (name: string) => import.meta.resolve(name);
  const command = path.join(import.meta.dirname, '../cli.ts');
  const flags = ['--import', resolved('tsx'), '--conditions=@polytask/source', '--no-warnings'];
  const [program, ...others] = [...before, process.execPath, ...flags, command, ...parameters] as [string, ...string[]];
  return start(program, others, env, cwd);
};

const PASSWORD = 'open-sesame';

/** A network of two sides, which run commands of their own. */
interface Network {
  readonly addresses: { readonly coordinator: string };
  /** The beginning of a command that runs on a side. @param hidden a folder that it can't see */
  on(side: 'coordinator' | 'workers', hidden?: string): readonly string[];
}

/** Starts a Redis server with a password. @param network where it runs on the coordinator's side. Default: on this machine */
export async function startRedis(directory: string, network?: Network) {
  const address = network?.addresses.coordinator ?? '127.0.0.1';
  const [program = '', ...before] = [...(network?.on('coordinator') ?? []), 'redis-server'];
  const port = await freePort();
  const flags = [
    ...['--bind', address, '--port', String(port)],
    ...['--dir', directory, '--save', '', '--appendonly', 'yes'],
    ...['--maxmemory-policy', 'noeviction', '--requirepass', PASSWORD],
  ];
  const run = async () => {
    const server = start(program, [...before, ...flags]);
    while (!server.output().includes('Ready to accept connections')) {
      if (server.child.exitCode !== null) throw new Error(`redis-server ended: ${server.output()}`);
      await setTimeout(20);
    }
    return server;
  };
  let server = await run();
  return {
    url: `redis://:${PASSWORD}@${address}:${port}`,
    async restart() {
      await server.kill();
      server = await run();
    },
    stop: () => server.kill(),
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 120): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${seconds} s for this: ${what}`);
    await setTimeout(50);
  }
}

/** A Redis server with a folder and processes that know its queue. */
export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** @param network whose one side has Redis and coordinators. Workers are on the other side, without the folder. Default: none */
export async function startCluster(network?: Network) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-cluster-'));
  await mkdir(path.join(folder, 'redis'));
  await writePeople(folder);
  const redis = await startRedis(path.join(folder, 'redis'), network);
  const started: Started[] = [];
  return {
    /** It has `people.json`, a data set of 400 rows, and the processes run in it. */
    folder,
    redis,
    start(...parameters: string[]) {
      const isWorker = parameters[0] === 'worker';
      const cache = isWorker ? ['--cache', path.join(folder, 'cache')] : [];
      const before = isWorker ? network?.on('workers', folder) : network?.on('coordinator');
      const process = startPolytask([...parameters, ...cache], { POLYTASK_QUEUE: redis.url }, folder, before);
      started.push(process);
      return process;
    },
    async stop() {
      await Promise.all(started.map((each) => each.kill()));
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The lines of a file; none of a missing one. */
export const linesOf = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

import { setTimeout } from 'node:timers/promises';
import { fail, PolytaskError } from '@polytask/components';
import type { Worker, WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { TrialJob } from './trial-job.ts';

/** All keys in Redis start with it. BullMQ's own start with `polytask:trials:`. */
export const PREFIX = 'polytask';

/** The name of the queue: what a dashboard such as bull-board shows. */
const QUEUE = 'trials';

/** How long a server that refuses connections may take to start, in milliseconds: somebody is starting it again, say. */
const START = 5000;

type Processor = Exclude<ConstructorParameters<typeof Worker<TrialJob, void>>[1], string | URL | null | undefined>;

/** Connects to the Redis of a queue, and to BullMQ on it. It waits some seconds for a server that is being started. */
export async function connect(url: string, use: 'writes' | 'reads' = 'writes') {
  redisUrl(url);
  const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]).catch((error: unknown) => {
    throw new PolytaskError('A queue needs bullmq and ioredis. Run npm install bullmq ioredis.', { cause: error });
  });
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  let reason = 'no answer';
  redis.on('error', (error: Error) => (reason = error.message || (error as NodeJS.ErrnoException).code || reason));
  const end = Date.now() + START;
  const fails = () => redis.connect().then(() => undefined, Boolean);
  while (await fails()) {
    redis.disconnect();
    if (!reason.includes('ECONNREFUSED') || Date.now() >= end)
      fail({
        expected: `a Redis server at ${withoutPassword(url)}`,
        received: reason,
        fix: 'Start redis-server, or look at host, port, user and password of the URL.',
      });
    await setTimeout(250);
  }
  if (use === 'writes')
    await redis.eval("return redis.call('set', KEYS[1], '', 'EX', 1)", 1, `${PREFIX}:probe`).catch((error: Error) => {
      redis.disconnect();
      fail({
        expected: `a Redis server at ${withoutPassword(url)} that runs scripts and takes writes`,
        received: error.message,
        fix: 'Name the primary, not a replica, and a user with the rights that docs/cluster.md lists.',
      });
    });
  const open: Redis[] = [redis];
  const another = () => {
    const next = redis.duplicate();
    next.on('error', () => {}); // it connects again by itself
    open.push(next);
    return next;
  };
  const queue = new bullmq.Queue<TrialJob, void>(QUEUE, { connection: redis, prefix: PREFIX });
  queue.on('error', () => {});
  const closing: (() => Promise<void>)[] = [];
  return {
    redis,
    queue,
    /** A further connection, for a command that waits. `close` closes it too. */
    another,
    events() {
      const events = new bullmq.QueueEvents(QUEUE, { connection: another(), prefix: PREFIX });
      events.on('error', () => {});
      closing.push(() => events.close());
      return events;
    },
    worker(process: Processor, options: Omit<WorkerOptions, 'connection' | 'prefix'>) {
      const worker = new bullmq.Worker<TrialJob, void>(QUEUE, process, {
        ...options,
        connection: another(),
        prefix: PREFIX,
      });
      worker.on('error', () => {});
      return worker;
    },
    /** Puts the job that a worker holds back into the queue. @returns an error for the processor to throw, as BullMQ expects */
    async postpone(job: Parameters<Processor>[0], token: string | undefined, milliseconds: number): Promise<Error> {
      await job.moveToDelayed(Date.now() + milliseconds, token);
      return new bullmq.DelayedError();
    },
    async close() {
      await Promise.all(closing.map((close) => close().catch(() => {})));
      await queue.close();
      for (const each of open) each.disconnect();
    },
  };
}

export type Connection = Awaited<ReturnType<typeof connect>>;

export function redisUrl(url: string): string {
  if (URL.canParse(url) && ['redis:', 'rediss:'].includes(new URL(url).protocol)) return url;
  return fail({
    expected: 'a URL of Redis as the queue',
    received: URL.canParse(url) ? withoutPassword(url) : `"${url}"`,
    fix: 'Pass redis://127.0.0.1:6379, or rediss://user:password@host:port with TLS.',
  });
}

export function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}

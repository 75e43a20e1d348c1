import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { Redis } from 'ioredis';
import type { RunCounts } from '../status/status.ts';
import { PREFIX } from './connection.ts';

/** How often a process says that it is there, and after which time without a word it is gone. */
const SECONDS = { between: 5, patience: 30 };

/** A worker as `status` shows it. */
export interface WorkerFacts {
  /** How many trials it runs at the same time. */
  readonly processes: number;
}

/** A coordinator as `status` shows it. */
export interface CoordinatorFacts extends RunCounts {
  readonly suite: string;
  readonly engine: string;
}

/** The facts of each kind of process. */
interface Kinds {
  readonly workers: WorkerFacts;
  readonly coordinators: CoordinatorFacts;
}

/** A process of the queue. */
export type Present<K extends keyof Kinds> = Kinds[K] & { readonly name: string };

/** A name for this process: its machine, its number, and four digits that make it unique. */
export const processName = (): string => `${os.hostname()}:${process.pid}:${randomUUID().slice(0, 4)}`;

/** The processes that are there, by the clock of Redis. */
export const present = async <K extends keyof Kinds>(redis: Redis, kind: K): Promise<Present<K>[]> => {
  const [seconds] = await redis.time();
  const names = await redis.zrangebyscore(`${PREFIX}:${kind}`, Number(seconds) - SECONDS.patience, '+inf');
  if (names.length === 0) return [];
  const facts = await redis.hmget(`${PREFIX}:${kind}:facts`, ...names);
  return names.flatMap((name, i) => (facts[i] ? { ...(JSON.parse(facts[i]) as Kinds[K]), name } : []));
};

/** Says that this process is there, now and every few seconds. @returns a function that says that it leaves */
export async function announce<K extends keyof Kinds>(
  redis: Redis,
  kind: K,
  name: string,
  facts: () => Kinds[K],
): Promise<() => Promise<void>> {
  const say = async () => {
    const [seconds] = await redis.time();
    await redis
      .multi()
      .zremrangebyscore(`${PREFIX}:${kind}`, '-inf', Number(seconds) - 24 * 3600)
      .zadd(`${PREFIX}:${kind}`, Number(seconds), name)
      .hset(`${PREFIX}:${kind}:facts`, name, JSON.stringify(facts()))
      .exec();
  };
  await say();
  const timer = setInterval(() => void say().catch(() => {}), SECONDS.between * 1000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await redis
      .multi()
      .zrem(`${PREFIX}:${kind}`, name)
      .hdel(`${PREFIX}:${kind}:facts`, name)
      .exec()
      .catch(() => {});
  };
}

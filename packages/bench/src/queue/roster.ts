import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { Redis } from 'ioredis';
import type { RunCounts } from '../status/status.ts';
import { connect, type Connection, PREFIX } from './connection.ts';

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

/** Says for the next 30 seconds that this process is there for something, such as a job that it waits for. */
export const affirm = (redis: Redis, keys: readonly string[]): Promise<unknown> =>
  keys.reduce((pipeline, key) => pipeline.set(key, '', 'EX', SECONDS.patience), redis.pipeline()).exec();

/** The processes that are there, by the clock of Redis. */
export const present = async <K extends keyof Kinds>(redis: Redis, kind: K): Promise<Present<K>[]> => {
  const [seconds] = await redis.time();
  const names = await redis.zrangebyscore(`${PREFIX}:${kind}`, Number(seconds) - SECONDS.patience, '+inf');
  if (names.length === 0) return [];
  const facts = await redis.hmget(`${PREFIX}:${kind}:facts`, ...names);
  return names.flatMap((name, i) => (facts[i] ? { ...(JSON.parse(facts[i]) as Kinds[K]), name } : []));
};

/** A process of a queue. */
export interface Joined {
  readonly connection: Connection;
  /** Its machine, its number, and four digits that make it unique. */
  readonly name: string;
  /** Says that it leaves, and closes its connections. */
  leave(): Promise<void>;
}

/**
 * Connects to a queue, and says that this process is there, now and every few seconds.
 *
 * @throws PolytaskError as {@link connect} does
 */
export async function join<K extends keyof Kinds>(url: string, kind: K, facts: () => Kinds[K]): Promise<Joined> {
  const connection = await connect(url);
  const { redis, close } = connection;
  const name = `${os.hostname()}:${process.pid}:${randomUUID().slice(0, 4)}`;
  const say = async () => {
    const [seconds] = await redis.time();
    await redis
      .multi()
      .zremrangebyscore(`${PREFIX}:${kind}`, '-inf', Number(seconds) - 24 * 3600)
      .zadd(`${PREFIX}:${kind}`, Number(seconds), name)
      .hset(`${PREFIX}:${kind}:facts`, name, JSON.stringify(facts()))
      .exec();
  };
  await say().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const timer = setInterval(() => void say().catch(() => {}), SECONDS.between * 1000);
  timer.unref();
  return {
    connection,
    name,
    async leave() {
      clearInterval(timer);
      await redis
        .multi()
        .zrem(`${PREFIX}:${kind}`, name)
        .hdel(`${PREFIX}:${kind}:facts`, name)
        .exec()
        .catch(() => {});
      await close();
    },
  };
}

import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { Redis } from 'ioredis';
import { type RunCounts, progressOf, type Status } from '../status/status.ts';
import { connect, PREFIX } from './connection.ts';
import { mapValues } from '@polytask/components';
import { type RunListener, type RunStart, trialText } from '@polytask/study';
import type { Job } from 'bullmq';
import type { TrialJob } from './trial-job.ts';

/** How often a process says that it is there, and after which time without a word it is gone. */
const SECONDS = { between: 5, patience: 30 };

export interface CoordinatorFacts extends RunCounts {
  readonly suite: string;
  readonly engine: string;
}

interface Kinds {
  /** A worker runs so many trials at the same time. */
  readonly workers: { readonly processes: number };
  readonly coordinators: CoordinatorFacts;
}

/** Says for the next 30 seconds that this process is there for something, such as a job that it waits for. */
export const affirm = (redis: Redis, keys: readonly string[]): Promise<unknown> =>
  keys.reduce((pipeline, key) => pipeline.set(key, '', 'EX', SECONDS.patience), redis.pipeline()).exec();

/** The processes that are there, by the clock of Redis. */
export const present = async <K extends keyof Kinds>(redis: Redis, kind: K) => {
  const [seconds] = await redis.time();
  const names = await redis.zrangebyscore(`${PREFIX}:${kind}`, Number(seconds) - SECONDS.patience, '+inf');
  if (names.length === 0) return [];
  const facts = await redis.hmget(`${PREFIX}:${kind}:facts`, ...names);
  return names.flatMap((name, i) => (facts[i] ? { ...(JSON.parse(facts[i]) as Kinds[K]), name } : []));
};

/** Connects to a queue, and says that this process is there, now and every few seconds. */
export async function join<K extends keyof Kinds>(url: string, kind: K, facts: () => Kinds[K]) {
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
    /** Its machine, its number, and four digits that make it unique. */
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

/** A listener that passes all on to another one, and what it has counted. */
export function countedRun(suite: string, engine: string, others: RunListener = {}) {
  const start = performance.now();
  const counts = { total: 0, there: 0, done: 0, failed: 0 };
  const counters = {
    onStart: ({ total, there }: RunStart) => Object.assign(counts, { total, there, done: there }),
    onTrialEnd: () => counts.done++,
    onFinishedElsewhere: () => counts.done++,
    onFailure: () => counts.failed++,
  };
  const own = mapValues(counters, (count: (...event: never[]) => unknown, name) => (...event: never[]) => {
    count(...event);
    (others[name as keyof typeof counters] as typeof count | undefined)?.call(others, ...event);
  });
  return {
    listener: Object.assign(Object.create(others) as RunListener, own),
    facts: (): CoordinatorFacts => ({ suite, engine, ...counts, seconds: (performance.now() - start) / 1000 }),
  };
}

const MOST_FAILED = 20;

export async function openQueueStatus(url: string) {
  const { redis, queue, close } = await connect(url, 'reads');
  return {
    async read(): Promise<Status> {
      const [coordinators, workers, counts, active, failed] = await Promise.all([
        present(redis, 'coordinators'),
        present(redis, 'workers'),
        queue.getJobCounts('waiting', 'delayed'),
        queue.getActive(),
        queue.getFailed(0, MOST_FAILED - 1),
      ]);
      return {
        studies: coordinators.map(({ suite, engine, ...run }) => progressOf(`${suite} on ${engine}`, run)),
        workers: workers.map(({ name, processes }) => ({ name, processes })),
        waiting: (counts['waiting'] ?? 0) + (counts['delayed'] ?? 0),
        running: active.map((job) => ({
          trial: textOf(job),
          where: job.processedBy ?? '',
          epoch: (job.progress as { epoch?: number }).epoch,
        })),
        failed: failed.map((job) => ({ trial: textOf(job), why: job.failedReason })),
      };
    },
    close,
  };
}

/** A configuration of a search is no trial of the study. */
const textOf = ({ data: { spec } }: Job<TrialJob>): string =>
  spec.measures === 'validation' ? `search of ${trialText(spec)}` : trialText(spec);

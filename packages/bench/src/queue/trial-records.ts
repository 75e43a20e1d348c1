import type { Redis } from 'ioredis';
import { PREFIX } from './connection.ts';

/** How many seconds a result stays in Redis: a coordinator that is started again within this time trains nothing twice. */
const RESULT_SECONDS = 7 * 24 * 3600;
const REFUSAL_SECONDS = 3600;

/** A failed attempt at a job. */
export interface FailedAttempt {
  readonly message: string;
  /** Whether its process ended early, so that another attempt may come through. */
  readonly lost: boolean;
  /** What its process wrote. */
  readonly log: string;
}

/** What workers say about jobs, by job id. */
export interface TrialRecords {
  /** Keeps the value of a job, unless it has one: the first one wins. */
  commit(id: string, value: unknown): Promise<void>;
  /** The value of a job as JSON. Undefined before it is committed. */
  result(id: string): Promise<string | undefined>;
  recordFailure(id: string, failure: FailedAttempt): Promise<void>;
  failure(id: string): Promise<FailedAttempt | undefined>;
  refuse(id: string, worker: string, reason: string): Promise<void>;
  /** The reasons by worker. */
  refusals(id: string): Promise<Readonly<Record<string, string>>>;
  /** Forgets failures and refusals before a new attempt. */
  clear(id: string): Promise<void>;
}

export function trialRecords(redis: Redis): TrialRecords {
  const key = (kind: 'result' | 'failure' | 'refusals', id: string) => `${PREFIX}:${kind}:${id}`;
  return {
    async commit(id, value) {
      await redis.set(key('result', id), JSON.stringify(value), 'EX', RESULT_SECONDS, 'NX');
    },
    result: async (id) => (await redis.get(key('result', id))) ?? undefined,
    async recordFailure(id, failure) {
      await redis.set(key('failure', id), JSON.stringify(failure), 'EX', RESULT_SECONDS);
    },
    async failure(id) {
      const json = await redis.get(key('failure', id));
      return json === null ? undefined : (JSON.parse(json) as FailedAttempt);
    },
    async refuse(id, worker, reason) {
      await redis.hset(key('refusals', id), worker, reason);
      await redis.expire(key('refusals', id), REFUSAL_SECONDS);
    },
    refusals: (id) => redis.hgetall(key('refusals', id)),
    async clear(id) {
      await redis.del(key('failure', id), key('refusals', id));
    },
  };
}

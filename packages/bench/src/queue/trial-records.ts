import { isScore, type Result } from '@polytask/study';
import type { Redis } from 'ioredis';
import { PREFIX } from './connection.ts';
import { sentPredictions } from './sent-predictions.ts';

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
export function trialRecords(redis: Redis) {
  const key = (kind: 'result' | 'failure' | 'refusals', id: string) => `${PREFIX}:${kind}:${id}`;
  const sent = sentPredictions(redis);
  return {
    /** Keeps the result of a job, unless it has one: the first one wins. */
    async commit(id: string, result: Result): Promise<void> {
      const name = isScore(result) || !result.predictions ? undefined : await sent.send(result.predictions);
      const json = JSON.stringify(name === undefined ? result : { ...result, predictions: name });
      const kept = await redis.set(key('result', id), json, 'EX', RESULT_SECONDS, 'NX');
      if (kept === null && name !== undefined) await sent.remove(name);
    },
    /** Whether a job has a result. */
    has: async (id: string): Promise<boolean> => (await redis.exists(key('result', id))) > 0,
    /** The result of a job, as JSON has it. Undefined before it is committed, and when Redis doesn't have its predictions any more. */
    async result(id: string): Promise<object | undefined> {
      const json = await redis.get(key('result', id));
      if (json === null) return undefined;
      const result = JSON.parse(json) as { readonly predictions?: string };
      if (result.predictions === undefined) return result;
      const predictions = await sent.read(result.predictions);
      if (predictions) return { ...result, predictions };
      await redis.del(key('result', id)); // the trial has to run again
      return undefined;
    },
    async recordFailure(id: string, failure: FailedAttempt): Promise<void> {
      await redis.set(key('failure', id), JSON.stringify(failure), 'EX', RESULT_SECONDS);
    },
    async failure(id: string): Promise<FailedAttempt | undefined> {
      const json = await redis.get(key('failure', id));
      return json === null ? undefined : (JSON.parse(json) as FailedAttempt);
    },
    async refuse(id: string, worker: string, reason: string): Promise<void> {
      await redis.hset(key('refusals', id), worker, reason);
      await redis.expire(key('refusals', id), REFUSAL_SECONDS);
    },
    /** The reasons by worker. */
    refusals: (id: string): Promise<Readonly<Record<string, string>>> => redis.hgetall(key('refusals', id)),
    /** Forgets failures and refusals before a new attempt. */
    async clear(id: string): Promise<void> {
      await redis.del(key('failure', id), key('refusals', id));
    },
  };
}

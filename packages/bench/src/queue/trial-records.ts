import { isScore, type Result, type TrialPredictions } from '@polytask/study';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { PREFIX } from './connection.ts';
import { readPredictions, writePredictions } from '../predictions/prediction-file.ts';
import { CHUNK } from './data-transfer.ts';
import { affirm } from './roster.ts';

/** How many seconds a result stays in Redis: a coordinator that is started again within this time trains nothing twice. */
const RESULT_SECONDS = 7 * 24 * 3600;
/** How many seconds predictions stay after a coordinator has read them: it may be killed, and another may wait for the same trial. */
const READ_SECONDS = 600;
const REFUSAL_SECONDS = 3600;

export interface FailedAttempt {
  readonly message: string;
  /** Whether its process ended early, so that another attempt may come through. */
  readonly lost: boolean;
  readonly log: string;
}

export function trialRecords(redis: Redis) {
  const key = (kind: 'result' | 'failure' | 'refusals' | 'waiting' | 'predictions', id: string) =>
    `${PREFIX}:${kind}:${id}`;
  /** Sends predictions as chunks of their Parquet file: a large value would hold up others' commands. @returns their name */
  const send = async (predictions: TrialPredictions): Promise<string> => {
    const bytes = writePredictions(predictions);
    const name = randomUUID();
    const place = key('predictions', name);
    for (let start = 0; start < bytes.length; start += CHUNK) {
      const chunk = Buffer.from(bytes.subarray(start, start + CHUNK));
      await redis.multi().rpush(place, chunk).expire(place, RESULT_SECONDS).exec(); // one of a killed worker expires, too
    }
    return name;
  };
  /** Undefined when Redis doesn't have the predictions any more. @throws PolytaskError when they are damaged */
  const receive = async (name: string): Promise<TrialPredictions | undefined> => {
    const place = key('predictions', name);
    const chunks: Buffer[] = [];
    for (let chunk; (chunk = await redis.lindexBuffer(place, chunks.length)) !== null;) chunks.push(chunk);
    if (chunks.length === 0) return undefined;
    const predictions = await readPredictions(new Uint8Array(Buffer.concat(chunks)), 'the answer of a worker');
    await redis.expire(place, READ_SECONDS);
    return predictions;
  };
  return {
    /** Keeps the result of a job, unless it has one: the first one wins. */
    async commit(id: string, result: Result): Promise<void> {
      const name = isScore(result) || !result.predictions ? undefined : await send(result.predictions);
      const json = JSON.stringify(name === undefined ? result : { ...result, predictions: name });
      const kept = await redis.set(key('result', id), json, 'EX', RESULT_SECONDS, 'NX');
      if (kept === null && name !== undefined) await redis.del(key('predictions', name));
    },
    /** Says for the next 30 seconds that a coordinator waits for jobs. */
    await: (ids: readonly string[]): Promise<unknown> =>
      affirm(
        redis,
        ids.map((id) => key('waiting', id)),
      ),
    /** Whether a job has no result, and a coordinator waits for one. */
    async isWanted(id: string): Promise<boolean> {
      const [results, waiting] = await Promise.all([redis.exists(key('result', id)), redis.exists(key('waiting', id))]);
      return results === 0 && waiting > 0;
    },
    /** The result of a job, as JSON has it. Undefined before it is committed, and when Redis doesn't have its predictions any more. */
    async result(id: string): Promise<object | undefined> {
      const json = await redis.get(key('result', id));
      if (json === null) return undefined;
      const result = JSON.parse(json) as { readonly predictions?: string };
      if (result.predictions === undefined) return result;
      const predictions = await receive(result.predictions);
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
    refusals: (id: string): Promise<Readonly<Record<string, string>>> => redis.hgetall(key('refusals', id)),
    async clear(id: string): Promise<void> {
      await redis.del(key('failure', id), key('refusals', id));
    },
  };
}

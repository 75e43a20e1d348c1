import { randomUUID } from 'node:crypto';
import type { TrialPredictions } from '@polytask/study';
import type { Redis } from 'ioredis';
import { readPredictions, writePredictions } from '../predictions/prediction-file.ts';
import { PREFIX } from './connection.ts';
import { CHUNK } from './data-transfer.ts';

/** How many seconds predictions wait in Redis for a coordinator. */
const UNREAD_SECONDS = 7 * 24 * 3600;
/** How many seconds they stay after a coordinator has read them: it may be killed, and another may wait for the same trial. */
const READ_SECONDS = 600;

/** Predictions on their way from a worker to coordinators. Each sending has a name of its own. */
export interface SentPredictions {
  /** @returns the name of the sending */
  send(predictions: TrialPredictions): Promise<string>;
  /** Reads a sending. Undefined when Redis doesn't have it any more. @throws PolytaskError when it is damaged */
  read(name: string): Promise<TrialPredictions | undefined>;
  remove(name: string): Promise<void>;
}

/** The predictions are sent as the bytes of their Parquet file, in chunks: a large value would hold up everybody else's commands. */
export function sentPredictions(redis: Redis): SentPredictions {
  const keyOf = (name: string) => `${PREFIX}:predictions:${name}`;
  return {
    async send(predictions) {
      const bytes = writePredictions(predictions);
      const name = randomUUID();
      for (let start = 0; start < bytes.length; start += CHUNK)
        await redis.rpush(keyOf(name), Buffer.from(bytes.subarray(start, start + CHUNK)));
      await redis.expire(keyOf(name), UNREAD_SECONDS);
      return name;
    },
    async read(name) {
      const chunks: Buffer[] = [];
      for (let chunk; (chunk = await redis.lindexBuffer(keyOf(name), chunks.length)) !== null;) chunks.push(chunk);
      if (chunks.length === 0) return undefined;
      const predictions = await readPredictions(new Uint8Array(Buffer.concat(chunks)), 'the answer of a worker');
      await redis.expire(keyOf(name), READ_SECONDS);
      return predictions;
    },
    async remove(name) {
      await redis.del(keyOf(name));
    },
  };
}

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

/**
 * Predictions on their way from a worker to coordinators. They are sent as the bytes of their Parquet file, in chunks: a large value would
 * hold up everybody else's commands. Each sending has a name of its own.
 */
export function sentPredictions(redis: Redis) {
  const keyOf = (name: string) => `${PREFIX}:predictions:${name}`;
  return {
    /** @returns the name of the sending */
    async send(predictions: TrialPredictions): Promise<string> {
      const bytes = writePredictions(predictions);
      const name = randomUUID();
      for (let start = 0; start < bytes.length; start += CHUNK)
        await redis.rpush(keyOf(name), Buffer.from(bytes.subarray(start, start + CHUNK)));
      await redis.expire(keyOf(name), UNREAD_SECONDS);
      return name;
    },
    /** Reads a sending. Undefined when Redis doesn't have it any more. @throws PolytaskError when it is damaged */
    async read(name: string): Promise<TrialPredictions | undefined> {
      const chunks: Buffer[] = [];
      for (let chunk; (chunk = await redis.lindexBuffer(keyOf(name), chunks.length)) !== null;) chunks.push(chunk);
      if (chunks.length === 0) return undefined;
      const predictions = await readPredictions(new Uint8Array(Buffer.concat(chunks)), 'the answer of a worker');
      await redis.expire(keyOf(name), READ_SECONDS);
      return predictions;
    },
    async remove(name: string): Promise<void> {
      await redis.del(keyOf(name));
    },
  };
}

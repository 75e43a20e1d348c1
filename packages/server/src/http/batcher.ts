import { joinBatches, type Batch, type Predictions } from '@polytask/core';
import type { Predictor } from '@polytask/serving';
import { predictionsOfRows } from '../row-predictions.ts';
import { HttpError } from './http-error.ts';
import type { ServiceLimits } from './serve-options.ts';

interface Waiting {
  readonly rows: Batch;
  /** When its turn comes too late, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  readonly resolve: (predictions: Predictions) => void;
  readonly reject: (error: unknown) => void;
}

type BatcherLimits = Pick<ServiceLimits, 'maxBatchRows' | 'maxWaitMs' | 'maxQueueRows' | 'timeoutMs'>;

/** Predicts the rows of concurrent requests together, one run at a time: a run costs about as much as ten rows. */
export function rowBatcher(predictor: Predictor, limits: BatcherLimits, onBatch: (rows: number) => void = () => {}) {
  const { maxQueueRows, timeoutMs, maxBatchRows, maxWaitMs } = limits;
  const queue: Waiting[] = [];
  let queueRows = 0;
  let [isScheduled, isRunning] = [false, false];

  /** Lets requests that have arrived already join the next run. */
  const schedule = () => {
    if (isScheduled || isRunning || queue.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      void run(take());
    });
  };
  /** The requests of the next run: as many as fit, at least one. */
  const take = (): Waiting[] => {
    let [count, size] = [0, 0];
    for (const { rows } of queue) {
      if (count > 0 && size + rows.size > maxBatchRows) break;
      size += rows.size;
      count++;
    }
    queueRows -= size;
    return queue.splice(0, count);
  };
  const run = async (taken: readonly Waiting[]) => {
    const now = performance.now();
    const requests = taken.filter(({ deadline }) => deadline >= now);
    for (const { deadline, reject } of taken)
      if (deadline < now) reject(new HttpError(503, 'The request waited too long for its turn. Send it again later.'));
    isRunning = true;
    try {
      await predictTogether(requests);
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
    isRunning = false;
    schedule();
  };
  const predictTogether = async (requests: readonly Waiting[]) => {
    const [first] = requests;
    if (!first) return;
    const batches = requests.map(({ rows }) => rows);
    const joined = requests.length === 1 ? first.rows : joinBatches(batches, predictor.layout);
    onBatch(joined.size);
    const predictions = await predictor.predict(joined);
    let from = 0;
    for (const { rows, resolve } of requests) {
      resolve(predictionsOfRows(predictions, joined.size, from, from + rows.size));
      from += rows.size;
    }
  };
  return {
    queueRows: () => queueRows,
    /** Predicts the rows of one request. @throws HttpError (503) when the queue is full, or its turn comes too late */
    predict(rows: Batch): Promise<Predictions> {
      if (queueRows > 0 && queueRows + rows.size > maxQueueRows)
        return Promise.reject(new HttpError(503, 'Too many rows are waiting. Send the request again in some seconds.'));
      return new Promise((resolve, reject) => {
        queue.push({ rows, deadline: performance.now() + timeoutMs, resolve, reject });
        queueRows += rows.size;
        if (queueRows >= maxBatchRows || maxWaitMs === 0) schedule();
        else setTimeout(schedule, maxWaitMs);
      });
    },
  };
}

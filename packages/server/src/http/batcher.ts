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
export class Batcher {
  readonly #predictor: Predictor;
  readonly #limits: BatcherLimits;
  readonly #onBatch: (rows: number) => void;
  #queue: Waiting[] = [];
  #queueRows = 0;
  #scheduled = false;
  #running = false;

  /** @param onBatch receives the number of rows of each run */
  constructor(predictor: Predictor, limits: BatcherLimits, onBatch: (rows: number) => void = () => {}) {
    this.#predictor = predictor;
    this.#limits = limits;
    this.#onBatch = onBatch;
  }

  get queueRows(): number {
    return this.#queueRows;
  }

  /** Predicts the rows of one request. @throws HttpError (503) when the queue is full, or its turn comes too late */
  predict(rows: Batch): Promise<Predictions> {
    const { maxQueueRows, timeoutMs, maxBatchRows, maxWaitMs } = this.#limits;
    if (this.#queueRows > 0 && this.#queueRows + rows.size > maxQueueRows) {
      return Promise.reject(new HttpError(503, 'Too many rows are waiting. Send the request again in some seconds.'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ rows, deadline: performance.now() + timeoutMs, resolve, reject });
      this.#queueRows += rows.size;
      if (this.#queueRows >= maxBatchRows || maxWaitMs === 0) this.#schedule();
      else setTimeout(() => this.#schedule(), maxWaitMs);
    });
  }

  /** Lets requests that have arrived already join the next run. */
  #schedule(): void {
    if (this.#scheduled || this.#running || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#run(this.#take());
    });
  }

  #take(): Waiting[] {
    const { maxBatchRows } = this.#limits;
    let count = 0;
    let size = 0;
    for (const { rows } of this.#queue) {
      if (count > 0 && size + rows.size > maxBatchRows) break;
      size += rows.size;
      count++;
    }
    this.#queueRows -= size;
    return this.#queue.splice(0, count);
  }

  async #run(taken: readonly Waiting[]): Promise<void> {
    const now = performance.now();
    const requests = taken.filter(({ deadline }) => deadline >= now);
    for (const { deadline, reject } of taken) {
      if (deadline < now) reject(new HttpError(503, 'The request waited too long for its turn. Send it again later.'));
    }
    this.#running = true;
    try {
      await this.#predictTogether(requests);
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
    this.#running = false;
    this.#schedule();
  }

  async #predictTogether(requests: readonly Waiting[]): Promise<void> {
    const [first] = requests;
    if (!first) return;
    const batches = requests.map(({ rows }) => rows);
    const joined = requests.length === 1 ? first.rows : joinBatches(batches, this.#predictor.layout);
    this.#onBatch(joined.size);
    const predictions = await this.#predictor.predict(joined);
    let from = 0;
    for (const { rows, resolve } of requests) {
      resolve(predictionsOfRows(predictions, joined.size, from, from + rows.size));
      from += rows.size;
    }
  }
}

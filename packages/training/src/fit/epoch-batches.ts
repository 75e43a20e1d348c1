import type { Batch, Examples } from '@polytask/core';
import { checkBatch } from '../evaluation/check-batch.ts';

export interface EpochBatchesConfig {
  train: Examples;
  taskNames: readonly string[];
  /** The epoch's rows, in their order. */
  order: Uint32Array;
  batchSize: number;
  stepsPerEpoch: number;
}

/** The batches of an epoch, by their number from 0; the next one can be assembled while a step runs. */
export class EpochBatches {
  readonly #config: EpochBatchesConfig;
  #ahead: { readonly number: number; take(): Batch } | undefined;

  constructor(config: EpochBatchesConfig) {
    this.#config = config;
  }

  /** @throws what the rows or their check throw, also where that was found ahead */
  take(number: number): Batch {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.number === number ? ahead.take() : this.#assemble(number);
  }

  /** Assembles a batch that is taken later, if the epoch has it. Throws nothing: the step before is to be finished first. */
  prepare(number: number): void {
    if (number >= this.#config.stepsPerEpoch) return;
    try {
      const batch = this.#assemble(number);
      this.#ahead = { number, take: () => batch };
    } catch (error) {
      const take = () => {
        throw error;
      };
      this.#ahead = { number, take };
    }
  }

  #assemble(number: number): Batch {
    const { train, order, batchSize, taskNames } = this.#config;
    const rows = order.subarray(number * batchSize, (number + 1) * batchSize);
    const batch = train.batch(rows);
    checkBatch(batch, rows.length, taskNames);
    return batch;
  }
}

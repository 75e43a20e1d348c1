import type { Balancer } from '@polytask/balancing';
import type { Batch, GatheredBatch, NamedTensor } from '@polytask/core';
import type { StepLosses, TrainingStep } from '../engine.ts';
import type { UpdatePlace } from '../optimizers/flat/flat-state.ts';
import type { TableState } from '../optimizers/tables/table-state.ts';

/** What an engine does in a training step, one step at a time. */
export interface StepWork {
  /** The name of the engine and its backend, such as `eager (wasm)`. */
  readonly name: string;
  readonly inFlight: number;
  /** The tables that are trained by rows. */
  readonly tables: TableState | undefined;
  /** The state of the balancer, if there is one. */
  readonly balancer?: Pick<Balancer, 'state' | 'restore'> | undefined;
  /**
   * Computes the losses and gradients, and updates the parameters.
   *
   * @param at the 1-based index of the step, and its learning rates
   * @returns what reads the losses. The next step may start before that
   */
  step(batch: GatheredBatch, at: UpdatePlace, epoch: number): Promise<() => Promise<StepLosses>>;
  /** Copies the parameters and buffers to the store of the model. */
  flush(): void;
  slots(): Promise<Record<string, NamedTensor>>;
  restore(slots: Readonly<Record<string, NamedTensor>>): void | Promise<void>;
  close(): Promise<void>;
}

/** The training steps of every engine: one after the other, in the order of the calls. */
export class EngineStep implements TrainingStep {
  readonly name: string;
  readonly inFlight: number;
  readonly balancer?: Pick<Balancer, 'state' | 'restore'>;
  readonly #work: StepWork;
  #steps = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(work: StepWork) {
    this.name = work.name;
    this.inFlight = work.inFlight;
    if (work.balancer) this.balancer = work.balancer;
    this.#work = work;
  }

  async run(batch: Batch, learningRate: number, epoch = 0, tableLearningRate = learningRate): Promise<StepLosses> {
    const { tables } = this.#work;
    const started = this.#last.then(async () => {
      const at = { step: this.#steps + 1, learningRate, tableLearningRate };
      const read = await this.#work.step(tables?.gather(batch) ?? batch, at, epoch);
      this.#steps++;
      return read;
    });
    this.#last = started.catch(() => undefined); // the caller gets the error
    return (await started)();
  }

  async flush(): Promise<void> {
    await this.#last;
    this.#work.flush();
  }

  async settle(): Promise<void> {
    await this.flush();
    this.#work.tables?.settle();
  }

  async readSlots(): Promise<Record<string, NamedTensor>> {
    await this.#last;
    return this.#work.slots();
  }

  restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): void | Promise<void> {
    this.#steps = steps;
    return this.#work.restore(slots);
  }

  async close(): Promise<void> {
    await this.settle();
    await this.#work.close();
  }
}

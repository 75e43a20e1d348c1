import type { Batch, Tasks } from '@polytask/core';
import type { StepLosses, TrainingStep } from '../engine.ts';
import { addStep, taskWeights, type TotalsState } from './epoch-totals.ts';
import { checkLosses, type Place } from './not-finite.ts';
import type { Plan } from './plan.ts';
import type { StepReport } from './reports.ts';

interface Started {
  readonly place: Place;
  readonly learningRate: number;
  readonly rows: number;
  readonly weights: Readonly<Record<string, number>>;
  readonly losses: Promise<StepLosses>;
}

/** Steps that have been started and whose losses haven't been read yet. Reading waits for a GPU: it is done now and then. */
export class StepQueue<T extends Tasks, M, G> {
  readonly #plan: Plan<T, M, G>;
  readonly #step: TrainingStep;
  readonly #lastGood: () => string | undefined;
  readonly #length: number;
  #started: Started[] = [];

  constructor(plan: Plan<T, M, G>, step: TrainingStep, lastGood: () => string | undefined) {
    this.#plan = plan;
    this.#step = step;
    this.#lastGood = lastGood;
    this.#length = plan.listeners.hearsSteps ? 1 : (plan.checkEvery ?? step.inFlight);
  }

  get isFull(): boolean {
    return this.#started.length >= this.#length;
  }

  get isEmpty(): boolean {
    return this.#started.length === 0;
  }

  start(batch: Batch, learningRate: number, place: Place): void {
    const losses = this.#step.run(batch, learningRate, place.epoch - 1);
    losses.catch(() => undefined); // settle() throws it
    this.#started.push({ place, learningRate, rows: batch.size, weights: taskWeights(batch), losses });
  }

  /**
   * Reads the losses of all started steps, in order.
   *
   * @returns the totals with them; whether a callback asked to stop
   * @throws PolytaskError at the first that isn't finite
   */
  async settle(totals: TotalsState): Promise<{ totals: TotalsState; stop: boolean }> {
    const { listeners } = this.#plan;
    let stop = false;
    for (const { place, learningRate, rows, weights, losses: promised } of this.#started) {
      const losses = await promised;
      checkLosses(losses, place, this.#lastGood());
      totals = addStep(totals, losses, rows, weights);
      if (!listeners.hearsSteps) continue;
      const report = {
        ...place,
        loss: losses.total,
        losses: losses.tasks,
        auxiliary: losses.auxiliary,
        learningRate,
        ...(losses.balancing && { balancing: losses.balancing }),
      };
      if (await listeners.step(report as unknown as StepReport<T>)) stop = true;
    }
    this.#started = [];
    return { totals, stop };
  }

  /** Waits for whatever is still running, and forgets it. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#started.map(({ losses }) => losses));
    this.#started = [];
  }
}

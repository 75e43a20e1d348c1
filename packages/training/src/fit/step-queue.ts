import type { Batch, Tasks } from '@polytask/core';
import type { StepLosses, TrainingStep } from '../engine.ts';
import { diverged, type Place } from '../diverged.ts';
import { addStep, taskWeights, type TotalsState } from '../progress/epoch-totals.ts';
import type { Plan } from './plan.ts';
import type { StepReport } from '../progress/reports.ts';

interface StartedStep {
  readonly place: Place;
  readonly learningRate: number;
  readonly rows: number;
  readonly weights: Readonly<Record<string, number>>;
  readonly losses: Promise<StepLosses>;
}

/** The started steps whose losses have not been read yet. Reading a loss waits for the GPU, so several losses are read at once. */
export class StepQueue<T extends Tasks, M, G> {
  readonly #plan: Plan<T, M, G>;
  readonly #step: TrainingStep;
  readonly #lastGood: () => string | undefined;
  readonly #length: number;
  #steps: StartedStep[] = [];

  constructor(plan: Plan<T, M, G>, step: TrainingStep, lastGood: () => string | undefined) {
    this.#plan = plan;
    this.#step = step;
    this.#lastGood = lastGood;
    this.#length = plan.listeners.hearsSteps ? 1 : (plan.checkEvery ?? step.inFlight);
  }

  get isFull(): boolean {
    return this.#steps.length >= this.#length;
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  start(batch: Batch, learningRate: number, tableLearningRate: number, place: Place): void {
    const losses = this.#step.run(batch, learningRate, place.epoch - 1, tableLearningRate);
    losses.catch(() => undefined); // settle() throws it
    this.#steps.push({ place, learningRate, rows: batch.size, weights: taskWeights(batch), losses });
  }

  /**
   * Reads the losses of all started steps, in order.
   *
   * @returns the totals with these losses, and whether a callback asked to stop
   * @throws Diverged at the first loss that isn't finite
   */
  async settle(totals: TotalsState): Promise<{ totals: TotalsState; stop: boolean }> {
    const { listeners } = this.#plan;
    let stop = false;
    for (const { place, learningRate, rows, weights, losses: promised } of this.#steps) {
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
    this.#steps = [];
    return { totals, stop };
  }

  /** Waits for all running steps, and drops their losses. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#steps.map(({ losses }) => losses));
    this.#steps = [];
  }
}

/**
 * @param lastGood the newest checkpoint. Its losses and weights are finite
 * @throws Diverged that names the step and the losses that are NaN or infinite
 */
function checkLosses(losses: StepLosses, place: Place, lastGood: string | undefined): void {
  if (Number.isFinite(losses.total)) return;
  const bad = [...badOf('task', losses.tasks), ...badOf('auxiliary loss', losses.auxiliary)];
  const names = bad.length > 0 ? bad.join(', ') : `the sum over tasks (${losses.total})`;
  diverged(`The loss of ${names} is not finite`, place, lastGood);
}

const badOf = (what: string, values: Readonly<Record<string, number>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => (Number.isFinite(value) ? [] : [`${what} "${name}" (${value})`]));

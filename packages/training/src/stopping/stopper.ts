import { isBetter } from '@polytask/metrics';
import type { MetricTable } from '../evaluation/metric-table.ts';
import type { TaskScores } from '../evaluation/scores.ts';
import { goodness, valueFor, votersOf, type Voter } from './criterion.ts';
import { LEAST_PATIENCE } from './training-budget.ts';
import type { EarlyStopping } from './early-stopping.ts';

/** The state of early stopping, as plain JSON for checkpoints. */
export interface StopperState {
  /** The best epoch so far, and its value. */
  readonly best: { readonly epoch: number; readonly value: number } | undefined;
  /** The values that an improvement must exceed: one value, or with `all` one value for each task. */
  readonly marks: readonly number[];
  /** The value of each voter after the first epoch. */
  readonly first: readonly number[];
  /** The number of epochs since the last improvement. */
  readonly waited: number;
}

const START: StopperState = { best: undefined, marks: [], first: [], waited: 0 };

/** Decides after each epoch whether to stop, by the validation scores. */
export class Stopper {
  readonly #voters: readonly Voter[];
  #state: StopperState;

  /** @param state the state of a run to resume */
  constructor(
    readonly stopping: EarlyStopping,
    table: MetricTable,
    state: StopperState = START,
  ) {
    this.#voters = votersOf(stopping, table);
    this.#state = state;
  }

  get state(): StopperState {
    return this.#state;
  }

  get exhausted(): boolean {
    const { patience } = this.stopping;
    return this.#state.waited >= (patience === 'auto' ? LEAST_PATIENCE : patience);
  }

  /** Adds the scores of an epoch. Returns true for the best epoch so far. */
  update(epoch: number, scores: Readonly<Record<string, TaskScores>>): boolean {
    const { best, waited } = this.#state;
    const values = this.#voters.map((voter) => valueFor(voter, scores));
    const first = this.#state.first.length > 0 ? this.#state.first : values;
    const all = this.stopping.over === 'all';
    const own = this.#voters[0]!.direction;
    const direction = all ? 'higher' : own === 'one' ? 'lower' : own; // means of ratios are means of their distances from 1
    const value = all ? this.#gain(values, first) : this.#mean(values);

    const won = best ? isBetter(direction, value, best.value) : !Number.isNaN(value);
    const contenders = all
      ? this.#voters.map((voter, i) => goodness(voter.direction, values[i]!))
      : [goodness(direction, value)];
    let improved = false;
    const marks = contenders.map((contender, i) => {
      const mark = this.#state.marks[i] ?? NaN;
      if (!isBetter('higher', contender, mark + this.stopping.minDelta)) return mark;
      improved = true;
      return contender;
    });
    this.#state = { best: won ? { epoch, value } : best, marks, first, waited: improved ? 0 : waited + 1 };
    return won;
  }

  #mean(values: readonly number[]): number {
    return this.#voters.reduce((sum, { direction, share }, i) => {
      const value = values[i]!;
      return sum + share * (direction === 'one' ? Math.abs(value - 1) : value);
    }, 0);
  }

  /** The mean over tasks of the relative gain on the first epoch (Δm of Maninis et al. 2019). */
  #gain(values: readonly number[], first: readonly number[]): number {
    return this.#voters.reduce((sum, { direction, share }, i) => {
      const base = goodness(direction, first[i]!);
      const difference = goodness(direction, values[i]!) - base;
      return sum + share * (difference === 0 ? 0 : difference / Math.abs(base));
    }, 0);
  }
}

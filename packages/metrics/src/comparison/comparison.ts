import type { Direction } from '../metric.ts';
import type { MultiTaskGainInterval } from '../multi-task/multi-task-gain-interval.ts';
import type { BootstrapInterval } from '../statistics/bootstrap-interval.ts';
import type { PairedDifference } from '../statistics/paired-difference.ts';
import type { Tally, Verdict } from './verdict.ts';

/** One value for each seed, by the seed's name or in a list. NaN is an undefined metric. */
export type SeedScores = Readonly<Record<string, number>> | readonly number[];

/** Measured values of one metric for each task: one for each model, task and seed. */
export interface Runs<Model extends string, Task extends string, Baseline extends Model = Model> {
  /** The model that all other models are compared with. */
  readonly baseline: Baseline;
  /** The direction of each task's metric. With `one`, the compared value is the distance to 1. */
  readonly tasks: Readonly<Record<Task, Direction>>;
  /** `scores[model][task][seed]`. Use `{}` for a task that a model wasn't run on. */
  readonly scores: Readonly<Record<Model, Readonly<Record<NoInfer<Task>, SeedScores>>>>;
}

export interface CompareConfig {
  /** The confidence of all intervals. The level of the verdicts is 1 − confidence. Default .95. */
  readonly confidence?: number | undefined;
  /** The number of resamples of the bootstrap. Default 10 000. */
  readonly resamples?: number | undefined;
  /**
   * For folds in place of seeds: test rows over training rows, 1 / (k − 1) with k folds. The tests are then corrected resampled t tests
   * (Nadeau & Bengio 2003), and what takes seeds for independent is NaN: bootstrap bounds, and the tests of ranks. Default 0.
   */
  readonly testToTrain?: number | undefined;
  /** The seed of the bootstrap, from 0 to 2³² − 1. Default 0. */
  readonly seed?: number | undefined;
}

/** The comparison of a model with the baseline on one task. */
export interface TaskComparison {
  /** The seeds that both have. Only these are compared. */
  readonly seeds: readonly string[];
  /** The seeds that only one of the two has. */
  readonly unpaired: { readonly model: readonly string[]; readonly baseline: readonly string[] };
  /** Model − baseline in the metric's unit: mean, t interval, paired t test. */
  readonly difference: PairedDifference;
  /** The bootstrap (BCa) interval of the same mean. */
  readonly bootstrap: BootstrapInterval;
  /** Holm's adjusted p value over all models and tasks of the comparison. */
  readonly adjustedPValue: number;
  /** The verdict of the t interval. `no difference` if the adjusted p value is above 1 − confidence. */
  readonly verdict: Verdict;
}

/** The comparison of a model with the baseline. */
export interface ModelComparison<Task extends string> extends Tally {
  readonly tasks: Readonly<Record<Task, TaskComparison>>;
  /** Δm over the seeds that both have in all tasks. Undefined without such a seed. */
  readonly gain: MultiTaskGainInterval<Task> | undefined;
}

/** The ranks of all models over tasks and seeds. */
export interface ModelRanks<Model extends string> {
  /** The mean rank over blocks. Rank 1 is the best. */
  readonly average: Readonly<Record<Model, number>>;
  /** The number of blocks. A block is a task and a seed for which every model has a value. */
  readonly blocks: number;
  /** The p value of Friedman's test in Iman & Davenport's form. */
  readonly pValue: number;
  /** Nemenyi's critical difference of average ranks. */
  readonly criticalDifference: number;
}

/** The result of `compareRuns`. */
export interface Comparison<Model extends string, Task extends string, Baseline extends Model = Model> {
  readonly baseline: Baseline;
  readonly confidence: number;
  /** The number of tests in Holm's correction. */
  readonly family: number;
  /** All models but the baseline. */
  readonly models: Readonly<
    Partial<Record<Model, ModelComparison<Task>>> & Record<Exclude<Model, Baseline>, ModelComparison<Task>>
  >;
  readonly ranks: ModelRanks<Model>;
}

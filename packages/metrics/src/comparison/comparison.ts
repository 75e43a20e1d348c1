import type { Direction } from '../metric.ts';
import type { MultiTaskGainInterval } from '../multi-task/multi-task-gain-interval.ts';
import type { BootstrapInterval } from '../statistics/bootstrap-interval.ts';
import type { PairedDifference } from '../statistics/paired-difference.ts';
import type { Tally, Verdict } from './verdict.ts';

/** A value a run: by the name of its seed, or in a list whose places are the seeds. NaN is an undefined metric. */
export type SeedScores = Readonly<Record<string, number>> | readonly number[];

/** What was measured: one metric a task, one value for each model, task and seed. */
export interface Runs<Model extends string, Task extends string, Baseline extends Model = Model> {
  /** The model that all others are compared with. */
  readonly baseline: Baseline;
  /** The direction of each task's metric. With `one`, values are compared by their distance to 1. */
  readonly tasks: Readonly<Record<Task, Direction>>;
  /** `scores[model][task][seed]`; `{}` for a task that a model wasn't run on. */
  readonly scores: Readonly<Record<Model, Readonly<Record<NoInfer<Task>, SeedScores>>>>;
}

export interface CompareConfig {
  /** Of all intervals; 1 − confidence is the level of the verdicts. Default .95. */
  readonly confidence?: number | undefined;
  /** Of the bootstrap. Default 10 000. */
  readonly resamples?: number | undefined;
  /** Of the bootstrap, from 0 to 2³² − 1. Default 0. */
  readonly seed?: number | undefined;
}

/** A model beside the baseline in one task. */
export interface TaskComparison {
  /** Seeds of both: only these are compared. */
  readonly seeds: readonly string[];
  /** Seeds of only one of the two, which are left out. */
  readonly unpaired: { readonly model: readonly string[]; readonly baseline: readonly string[] };
  /** Model − baseline in the metric's own unit, whichever sign is better: mean, t interval, paired t test. */
  readonly difference: PairedDifference;
  /** The bootstrap (BCa) interval of the same mean. */
  readonly bootstrap: BootstrapInterval;
  /** Holm's, over all models and tasks of the comparison. */
  readonly adjustedPValue: number;
  /** Of the t interval, if the adjusted p value is at most 1 − confidence; else `no difference`. */
  readonly verdict: Verdict;
}

/** A model beside the baseline. */
export interface ModelComparison<Task extends string> extends Tally {
  readonly tasks: Readonly<Record<Task, TaskComparison>>;
  /** Δm over the seeds that both have in all tasks; without such a seed it is undefined. */
  readonly gain: MultiTaskGainInterval<Task> | undefined;
}

export interface ModelRanks<Model extends string> {
  /** Mean rank over blocks, 1 the best. */
  readonly average: Readonly<Record<Model, number>>;
  /** A block is a task and a seed for which every model has a value. */
  readonly blocks: number;
  /** Whether ranks differ at all: Friedman's test in Iman & Davenport's form. */
  readonly pValue: number;
  /** Nemenyi's. */
  readonly criticalDifference: number;
}

export interface Comparison<Model extends string, Task extends string, Baseline extends Model = Model> {
  readonly baseline: Baseline;
  readonly confidence: number;
  /** How many tests Holm's correction is for. */
  readonly family: number;
  /** All models but the baseline. */
  readonly models: Readonly<
    Partial<Record<Model, ModelComparison<Task>>> & Record<Exclude<Model, Baseline>, ModelComparison<Task>>
  >;
  readonly ranks: ModelRanks<Model>;
}

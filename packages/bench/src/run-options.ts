import type { BalancerRow } from './balancers/balancer-row.ts';
import type { ModelRow, ModelSize } from './models/model-row.ts';
import type { SuiteRow } from './suites/suite.ts';
import type { Summary } from './summary/summary.ts';
import type { Trial } from './trials/trial.ts';

/** What to run. Whatever is left out is the suite's default. */
export interface RunOptions {
  /** A name of the table, or a suite of your own. Default `synthetic`. */
  readonly suite?: string | SuiteRow | undefined;
  /** Names of the table, or rows of your own. Default: the whole table. */
  readonly models?: readonly (string | ModelRow)[] | undefined;
  /**
   * Names of the table, or rows of your own: each model is trained under each of them, and under the plain sum, which is
   * always there. Default: the plain sum alone.
   */
  readonly balancers?: readonly (string | BalancerRow)[] | undefined;
  /** One trial of each model a seed. */
  readonly seeds?: readonly number[] | undefined;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly size?: Partial<ModelSize> | undefined;
  /** `auto`, or a name of the table of engines. */
  readonly engine?: string | undefined;
  /** Where the suite's data is. */
  readonly directory?: string | undefined;
  readonly limitRows?: number | undefined;
  /** Where results.jsonl, summary.json and report.md go. Trials that are there already aren't run again. */
  readonly out?: string | undefined;
  /** Runs them again all the same. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly listener?: RunListener | undefined;
}

/** Told how a run goes. */
export interface RunListener {
  onStart?(plan: { suite: string; engine: string; models: readonly string[]; seeds: readonly number[]; there: number; total: number }): void;
  onTrialStart?(trial: TrialPlace & { epochs: number }): void;
  onEpoch?(epoch: number): void;
  onTrialEnd?(trial: Trial, place: TrialPlace): void;
  onFailure?(failure: Failure, place: TrialPlace): void;
  /** Anything that isn't as it was asked for, in a sentence. */
  onNote?(message: string): void;
}

/** Which trial it is, and the how manieth of those to run. */
export interface TrialPlace {
  readonly model: string;
  readonly seed: number;
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** A trial that threw. The others go on. */
export interface Failure {
  readonly model: string;
  readonly seed: number;
  readonly error: Error;
}

export interface RunOutcome {
  readonly summary: Summary;
  /** All that the summary is of: those of this run, and those that the directory had of the same setting. */
  readonly trials: readonly Trial[];
  readonly failures: readonly Failure[];
}

import type { BalancerRow } from './balancers/balancer-row.ts';
import type { Entry } from './models/model-entry.ts';
import type { ModelSize } from './models/model-row.ts';
import type { Candidate } from './search/search.ts';
import type { SuiteDeclaration } from './suites/declaration.ts';
import type { SuiteRow } from './suites/suite.ts';
import type { Summary } from './summary/summary.ts';
import type { Failure } from './trials/failure.ts';
import type { Trial } from './trials/trial.ts';

/** What to run. Whatever is left out is the suite's default. */
export interface RunOptions {
  /** A name of the table, a file (JSON, TypeScript, JavaScript), or a suite of your own. Default `when-sharing-helps`. */
  readonly suite?: string | SuiteRow | SuiteDeclaration | undefined;
  /** Names of the table, or rows of your own. Default: the suite's, or the whole table. */
  readonly models?: readonly Entry[] | undefined;
  /**
   * Names of the table, or rows of your own: each model is trained under each of them, under the plain sum, and under a plain
   * sum with weights that are tuned on the validation rows. Default: the suite's, or the plain sum alone.
   */
  readonly balancers?: readonly (string | BalancerRow)[] | undefined;
  /** The model that the others are compared with. Default: the suite's, or `single-task`. */
  readonly baseline?: string | undefined;
  /** One trial of each model a seed. */
  readonly seeds?: readonly number[] | undefined;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  /** Epochs without a better validation score after which a training stops. */
  readonly patience?: number | undefined;
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
  /**
   * Other runs' `out` directories, for one with an `out` of its own: trials and configurations of searches that are there,
   * under whatever name, are copied, not run.
   */
  readonly reuse?: readonly string[] | undefined;
  /** Processes that run trials, each one at a time. Default 0: trials run in this process, one after the other. */
  readonly workers?: number | undefined;
  /** How often a trial is tried again whose process was lost. Default 1. */
  readonly retries?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly listener?: RunListener | undefined;
}

/** Told how a run goes. */
export interface RunListener {
  onStart?(plan: RunStart): void;
  onTrialStart?(place: TrialPlace): void;
  onEpoch?(epoch: number, place: TrialPlace): void;
  onTrialEnd?(trial: Trial, place: TrialPlace): void;
  /** A configuration of a search has been trained. */
  onCandidate?(candidate: TriedCandidate): void;
  /** A model's search is over. */
  onChoice?(choice: Choice): void;
  /** A trial whose process was lost is tried again. */
  onRetry?(error: Error, place: TrialPlace): void;
  onFailure?(failure: Failure, place: TrialPlace): void;
  /** Anything that isn't as it was asked for, in a sentence. */
  onNote?(message: string): void;
}

/** What a run is going to do. */
export interface RunStart {
  readonly suite: string;
  readonly engine: string;
  readonly models: readonly string[];
  readonly seeds: readonly number[];
  /** How many tables. */
  readonly settings: number;
  /** Trials that are there already. */
  readonly there: number;
  readonly total: number;
}

/** A configuration that a search has tried. */
export interface TriedCandidate extends Candidate {
  readonly setting: string;
  readonly model: string;
  /** From 1. */
  readonly number: number;
}

/** What a search has chosen for a model. */
export interface Choice extends Candidate {
  readonly setting: string;
  readonly model: string;
  /** Trainings in all. */
  readonly tried: number;
}

/** Which trial it is, and the how manieth of those to run. */
export interface TrialPlace {
  readonly setting: string;
  readonly model: string;
  readonly seed: number;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** At most so many. */
  readonly epochs: number;
}

export interface RunOutcome {
  /** A table each, one a setting of the suite: the only one of a plain suite is the first. */
  readonly summaries: readonly [Summary, ...Summary[]];
  /** All that the summaries are of: those of this run, and those that the directory had of the same settings. */
  readonly trials: readonly Trial[];
  readonly failures: readonly Failure[];
}

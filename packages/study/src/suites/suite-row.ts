import type { Examples, HeadStart, Options, Tasks } from '@polytask/core';
import type { DataNote } from '../guards/guards.ts';
import type { ModelSize } from '../models/model-row.ts';
import type { NamedRow } from '../named-row.ts';

/** What a suite does unless it is told otherwise. */
export interface SuiteDefaults extends TrainingDefaults {
  readonly seeds: readonly number[];
  readonly size: ModelSize;
}

/** How a suite trains. */
export interface TrainingDefaults {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Epochs without a better validation score after which a training stops. */
  readonly patience: number;
  /** How the heads' biases start. Default `random`, as in all results from before there was a choice. */
  readonly headStart?: HeadStart;
}

/**
 * A data set with the settings under which models are compared on it. A new one is one file and one row; a
 * {@link SuiteDeclaration} says what else is to be compared on it.
 */
export interface SuiteRow extends NamedRow {
  readonly paper?: string;
  /** Whether it reads its data from a directory (`--data`). */
  readonly needsDirectory: boolean;
  readonly defaults: SuiteDefaults;
  /** A check for each of the settings of its data that a declaration may change. Default: none can be. */
  readonly data?: Options<Readonly<Record<string, unknown>>>;
  open(options: SuiteOptions): Promise<SuiteData>;
}

export interface SuiteOptions {
  /** Where the data is; undefined for a suite that needs no directory. */
  readonly directory?: string | undefined;
  /** At most so many training rows, and so many test rows: for a quick look. */
  readonly limitRows?: number | undefined;
  /** Settings of the data instead of its own, as `data` of the row allows. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** Rows of the parts of a data set; a part is left out where the count isn't known. */
export interface RowCounts {
  readonly train?: number;
  readonly validation?: number;
  readonly test?: number;
}

/** The data of a suite. */
export interface SuiteData {
  readonly tasks: Tasks;
  /** Whatever makes it this data and no other: it is written to each trial, and trials of other data aren't mixed in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** How many rows there were before `limitRows`, where it left some out: the report says so. */
  readonly wholeRows?: RowCounts;
  /** What is odd about the data, such as what `inspect` of `@polytask/data` finds. Asked once a run. */
  notes?(): readonly DataNote[];
  /** The rows of a seed: the same seed gives the same rows in the same order, whatever the model. */
  trial(seed: number): TrialData;
}

/** The rows of one seed. */
export interface TrialData {
  readonly train: Examples;
  readonly validation: Examples;
  /** The test rows; a trial takes them once, after training. */
  test(): Examples;
  /** The group of each test row, such as its user: for AUC within groups. */
  readonly testGroups?: ArrayLike<number> | undefined;
}

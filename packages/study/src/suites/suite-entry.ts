import type { Finding, NamedEntry } from '@polytask/components';
import type { Examples, Options, Tasks } from '@polytask/core';
import type { ModelSize } from '../models/models.ts';
import type { Parts, SplitUnits, Table } from '@polytask/data';
import type { TaskPredictions } from '@polytask/training';
import type { TrainingDefaults } from '../training/choices.ts';

/** The defaults of a suite. */
export interface SuiteDefaults extends TrainingDefaults {
  readonly seeds: readonly number[];
  readonly size: ModelSize;
}

/**
 * A suite that opens data: a data set with the defaults of its comparisons. A `SuiteDeclaration` declares further comparisons on the
 * data.
 */
export interface SuiteEntry extends NamedEntry {
  readonly paper?: string;
  /** Whether the suite reads its data from a directory (`--data`). */
  readonly needsDirectory: boolean;
  readonly defaults: SuiteDefaults;
  /**
   * Only of Polytask's own suites: whether the description of the data identifies the rows, which are generated, or come from
   * published files with known checksums. Then trials have no hash of the rows. Other suites may have `content`. Default: false.
   */
  readonly hasKnownRows?: boolean;
  /** Whether `open` takes `folds`, and `trial` a fold. Default: false. */
  readonly dealsFolds?: boolean;
  /** Whether the data is a table with tasks that gradient boosting can learn: comparisons on it include boosting then. Default: false. */
  readonly treesCanLearn?: boolean;
  /** A check for each setting of the data that a declaration may change, besides those of all data. Default: none. */
  readonly data?: Options<Readonly<Record<string, unknown>>>;
  open(options: SuiteOptions): Promise<SuiteData>;
}

export interface SuiteOptions {
  /** The directory of the data. Undefined for a suite that needs none. */
  readonly directory?: string | undefined;
  /** The largest number of rows of a part, for a quick look. They are taken at random, and are the same in every run. */
  readonly limitRows?: number | undefined;
  /**
   * How many folds the rows of a seed are dealt into. The suite leaves out the test rows that it has whatever the seed, and describes in
   * `config` the folds, as `folds`, and the mean row counts of their trials, as `rows`. Undefined for no folds.
   */
  readonly folds?: number | undefined;
  /** Changed settings of the data, as the entry's `data` allows. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** The row counts of a data set's parts. An unknown count is missing. */
export interface RowCounts {
  readonly train?: number;
  readonly validation?: number;
  readonly test?: number;
}

export interface SuiteData {
  readonly tasks: Tasks;
  /** The contexts of the schema of the rows, for models that need one. Default: none. */
  readonly context?: readonly string[] | undefined;
  /**
   * A description that identifies the data. Each trial stores it, with the hash of the rows as `content`. A table has only trials with
   * equal descriptions.
   */
  readonly config: Readonly<Record<string, unknown>>;
  /**
   * Identifies all rows, before a seed splits them: their hash, such as that of `tablesContent`, or a version of generated rows. Trials of
   * other rows are other trials. Default: a hash of the encoded training and validation rows of the suite's first seed. It misses a change
   * of test rows alone, because they stay sealed until all choices are made.
   */
  content?(): Promise<string>;
  /** The row counts before `limitRows`, for the report. */
  readonly wholeRows?: RowCounts;
  /** Findings about the data, such as those of `inspect` of `@polytask/data`. Called once in a run. */
  notes?(): readonly Finding[];
  /**
   * The rows of a seed. A seed gives the same rows in the same order to all models.
   *
   * @param fold from 1: the test rows, if there are folds
   */
  trial(seed: number, fold?: number): TrialData;
}

/** Predictions under further names, with the kinds of tasks that they are measured as. */
export interface DerivedPredictions {
  readonly tasks: Tasks;
  /** By the names of `tasks`. */
  readonly byTask: Readonly<Record<string, TaskPredictions>>;
}

export interface TrialData {
  readonly train: Examples;
  readonly validation: Examples;
  /** The test rows. A trial calls it once, after training. */
  test(): Examples;
  /**
   * Predictions that are computed from those of the tasks on the test rows, such as a rate whose truth is known. They are measured and
   * reported beside the tasks. Undefined for none.
   */
  derive?(predictions: Readonly<Record<string, TaskPredictions>>): DerivedPredictions | undefined;
  /** The rows as they were read, in the same order. Undefined for rows that were made encoded. */
  raw?(): Parts<Table>;
  /** What the split keeps together among the training rows. The folds of a teacher do, too. Default: nothing. */
  trainUnits?(): SplitUnits;
  /** The group of each test row, such as its user, for the AUC within groups. Default: the groups that the rows carry, if they do. */
  readonly testGroups?: ArrayLike<number> | undefined;
}

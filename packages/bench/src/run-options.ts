import { checks, type Options } from '@polytask/core';
import { suiteChoices, type RunListener, type SuiteChoices } from '@polytask/study';

/** What to run, and where. Whatever is left out is the suite's default. */
export interface RunOptions extends SuiteChoices {
  /** `auto`, or a name of the table of engines. */
  readonly engine?: string | undefined;
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

const { optional, flag, listOf, wholeNumber } = checks;
const anything = () => {};

/** For core's `checkOptions`. */
export const runOptions: Options<RunOptions> = {
  ...suiteChoices,
  engine: anything,
  out: anything,
  force: optional(flag),
  reuse: optional(listOf(anything, 1)),
  workers: optional(wholeNumber()),
  retries: optional(wholeNumber()),
  signal: anything,
  listener: anything,
};

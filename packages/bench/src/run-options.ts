import { anything, fail, flag, listOf, optional, readOptions, text, wholeNumber } from '@polytask/components';
import type { FromDescription, Option, Options, Written } from '@polytask/components';
import type { DatasetAccess } from '@polytask/data';
import { createSuite, parseShard, type RunListener, suiteChoices, suites } from '@polytask/study';
import type { Shard, StudyOptions, Suite, SuiteChoices } from '@polytask/study';
import type { Tracker } from '@polytask/training';
import { suiteLoader } from './suites/load-suite.ts';
import { withTeachers } from './teacher.ts';

/** The options of every use of a trained model. */
export const modelOptions = {
  /** `auto`, or the name of an engine. Default: `auto`. */
  engine: optional(text),
  /** Packages or files that define components, balancers and metrics, for this process and its workers: see `loadPlugins`. */
  plugins: optional(listOf(text)),
};

/** The options of every run of trials. */
export const engineOptions = {
  ...modelOptions,
  /** What a data set file may read: files outside its folder, and how many rows. Default: files below its folder. */
  access: optional(anything as Option<DatasetAccess>), // openDataset checks it
  listener: optional(anything as Option<RunListener>),
  /** Where to record each finished trial as a run: see `openTracker`. A tracker that fails is noted, and the run goes on. */
  trackers: optional(listOf(anything as Option<Tracker>)),
};

export interface EngineOptions extends Written<typeof engineOptions>, FromDescription {}

const ownOptions = {
  ...engineOptions,
  /** The directory of results.jsonl, summary.json and the report. Trials that it has already are not repeated. */
  out: optional(text),
  /**
   * The `out` directories of other runs. Trials and searched configurations that did the same work there, under any name, are copied
   * instead of run. Needs `out`.
   */
  reuse: optional(listOf(text, 1)),
  /** Whether to write the predictions of each trial, for `scoreResults`. Needs `out`. Default: false. */
  keepPredictions: optional(flag),
  /** How many processes run trials. Default: 0, which runs the trials in this process, one after the other. */
  workers: optional(wholeNumber()),
  /**
   * The URL of a Redis server: `polytask worker` runs the trials, on any number of machines. Instead of `workers`. Needs bullmq and
   * ioredis.
   */
  queue: optional(text),
  /** The part of the trials to run, so that several machines share them without a queue: see `mergeResults`. Needs `out`. */
  shard: optional(anything as Option<Shard>), // checkTogether checks it
};

/** The options of a run: what it compares, and how. The suite has a default for each missing choice. */
export interface RunOptions
  extends SuiteChoices, Pick<StudyOptions, 'force' | 'externals' | 'retries' | 'signal'>, Written<typeof ownOptions> {}

export const runOptions: Options<RunOptions> = {
  ...suiteChoices,
  ...ownOptions,
  force: optional(flag),
  externals: optional(listOf(anything)),
  retries: optional(wholeNumber()),
  signal: anything,
};

export async function readSuite(options: RunOptions): Promise<Suite> {
  readOptions(options, runOptions, 'runSuite');
  const choices: SuiteChoices = Object.fromEntries(
    Object.entries(options).filter(([name]) => Object.hasOwn(suiteChoices, name)),
  );
  const suite = await withTeachers(await createSuite(choices, suiteLoader(options.access)));
  checkTogether(options, suite);
  return suite;
}

function checkTogether(options: RunOptions, { entry, files, settings }: Suite): void {
  const { out, force, reuse, keepPredictions, workers = 0, queue, shard } = options;
  const isElsewhere = workers > 0 || queue !== undefined;
  const refuse = (expected: string, received: string, fix: string) => fail({ expected, received, fix });
  if (workers > 0 && queue !== undefined)
    refuse('workers or a queue', 'both', 'Leave one out. The workers of a queue are started with polytask worker.');
  if (queue !== undefined && settings.some(({ teachers }) => teachers)) {
    const fix = 'Pass workers instead: those of a queue do not have the teacher.';
    refuse('workers on this machine for trials with a teacher from outside', 'a queue', fix);
  }
  if (isElsewhere && files.length === 0 && !suites.includes(entry)) {
    const fix = 'Export it from a file and pass that, or leave workers and queue out.';
    refuse('a suite by its name or file, where processes of their own run trials', `"${entry.name}" as an object`, fix);
  }
  if (shard) parseShard(`${shard.number}/${shard.of}`);
  const kept = [
    keepPredictions && 'predictions are kept',
    reuse && 'trials of others are reused',
    shard && 'a shard is run',
  ];
  const needsOut = kept.find(Boolean);
  if (needsOut && out === undefined)
    refuse(
      `a directory to write to, where ${needsOut}`,
      'none',
      `Pass --out DIR; in a program, out.${shard ? ' polytask merge puts the directories together.' : ''}`,
    );
  if (reuse && force) refuse('force or reuse', 'both', 'One runs trials again, the other copies them: leave one out.');
  if (reuse && keepPredictions)
    refuse('reuse or predictions to keep', 'both', 'A copied trial has no predictions: leave one out.');
}

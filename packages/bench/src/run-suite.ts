import { openFolder } from '@polytask/core';
import {
  type Conclude,
  memoryStore,
  placeOf,
  type RunOutcome,
  runStudy,
  type StudyPlan,
  type Suite,
  type TrialStore,
} from '@polytask/study';
import { lineOf } from '@polytask/study/internal';
import { countedRun } from './queue/counted-run.ts';
import { queueExecutor } from './queue/queue-executor.ts';
import { writeOutcome } from './report/write-outcome.ts';
import { loadPlugins } from './plugins.ts';
import { openPredictions } from './predictions/prediction-folder.ts';
import { openRun } from './open-run.ts';
import { readSuite, type RunOptions } from './run-options.ts';
import { writePlan } from './trials/plan-file.ts';
import { failureLog, openResults, resultsToReuse } from './trials/results-file.ts';
import { trackedStore } from './tracking/tracked-store.ts';

/**
 * Runs a suite: a trial of each model with each seed in each setting. With `out`, each finished trial is written to a file, and a stopped
 * run resumes. A failed trial is reported and left out. A trial whose process ended early is repeated first.
 *
 * @throws PolytaskError on invalid options, data that can't be read, or when all trials failed; the signal's reason
 * @example
 * const outcome = await runSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2, 3] });
 * console.log(renderText(comparisonDocument(outcome)));
 */
export async function runSuite(options: RunOptions = {}): Promise<RunOutcome> {
  await loadPlugins(options.plugins ?? []); // they may define parts of the suite
  return runResolved(await readSuite(options), options);
}

/** Runs a suite that {@link readSuite} has read from the same options, with the data that it has opened. @throws as runSuite does */
export async function runResolved(suite: Suite, options: RunOptions): Promise<RunOutcome> {
  const {
    out,
    shard,
    workers = 0,
    queue,
    reuse = [],
    force,
    retries,
    keepPredictions = false,
    externals,
    trackers = [],
    signal,
  } = options;
  const onNote = (message: string) => options.listener?.onNote?.(message);
  const opened = await openRun(suite, options);
  const { engine, data, code, environment, setup } = opened;
  const { listener, facts } = countedRun(suite.name, engine.name, options.listener);
  const store = trackedStore(out === undefined ? memoryStore() : openResults(out), trackers, onNote);
  const predictions = out === undefined || !keepPredictions ? undefined : openPredictions(out);
  const log = out === undefined ? undefined : failureLog(out);
  const others = (await Promise.all(reuse.map(resultsToReuse))).flat();
  const executor =
    queue === undefined ? opened.executor(workers) : await queueExecutor(queue, { ...setup, force, facts, onNote });
  return runStudy(suite, {
    ...{ engine, data, code, executor, store, predictions, log, reuse: others },
    ...{ externals, environment },
    ...{ force, retries, shard, listener, signal },
    ...(out !== undefined && { conclude: writtenTo(out), onPlan: planWriter(out, store) }),
  }).finally(() => executor.close());
}

/** Writes the plan of a run, for `polytask status` and `polytask merge`. */
const planWriter = (directory: string, store: TrialStore) => async (plan: StudyPlan) => {
  const stored = new Set((await store.read()).map(placeOf));
  const there = plan.trials.filter(({ setting, key }) => stored.has(lineOf(setting, key))).length;
  await openFolder(directory).write((writer) => writePlan(writer, { plan, started: Date.now(), there }));
};

/** Reads the trials and writes the report in one turn, so that the report of the last run has the trials of all runs. */
const writtenTo =
  (directory: string): Conclude =>
  (outcome) =>
    openFolder(directory).write(async (writer) => {
      const result = await outcome();
      await writeOutcome(directory, writer, result);
      return result;
    });

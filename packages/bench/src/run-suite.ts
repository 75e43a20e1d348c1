import { openFolder } from '@polytask/core';
import {
  type Conclude,
  type Executor,
  inProcess,
  lineKey,
  lineOf,
  memoryStore,
  openData,
  type RunOutcome,
  runStudy,
  type StudyPlan,
  type Suite,
  type TrialStore,
} from '@polytask/study';
import { openEngine } from './engines.ts';
import { environment } from './environment.ts';
import { countedRun } from './queue/counted-run.ts';
import { queueExecutor } from './queue/queue-executor.ts';
import { writeOutcome } from './report/write-outcome.ts';
import { modulesAt } from './modules/imported-modules.ts';
import { outsideCode } from './modules/outside-code.ts';
import { loadPlugins } from './plugins.ts';
import { openPredictions } from './predictions/prediction-folder.ts';
import { readSuite, type RunOptions } from './run-options.ts';
import { openSearch } from './search/search-file.ts';
import { writePlan } from './trials/plan-file.ts';
import { failureLog, openResults, readResults } from './trials/results-file.ts';
import { trackedStore } from './tracking/tracked-store.ts';
import { processPool } from './workers/process-pool.ts';

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
  const plugins = await loadPlugins(options.plugins ?? []);
  const engine = await openEngine(options.engine, onNote);
  const code = await outsideCode(plugins);
  const { listener, facts } = countedRun(suite.name, engine.name, options.listener);
  const data = openData(() => Promise.resolve(suite.row));
  const store = trackedStore(out === undefined ? memoryStore() : openResults(out), trackers, onNote);
  const scores = out === undefined ? undefined : await openSearch(out, reuse);
  const predictions = out === undefined || !keepPredictions ? undefined : openPredictions(out);
  const log = out === undefined ? undefined : failureLog(out);
  const otherTrials = (await Promise.all(reuse.map(readResults))).flat();

  const modules = await modulesAt([...plugins, ...suite.files]);
  const setup = { engine: engine.name, plugins, modules, access: options.access };
  let executor: Executor;
  if (queue !== undefined) executor = await queueExecutor(queue, { ...setup, force, facts, onNote });
  else executor = workers > 0 ? processPool(workers, setup) : inProcess(data, environment(engine.name));
  return runStudy(suite, {
    ...{ engine, data, code, executor, store, scores, predictions, log, reuse: otherTrials },
    ...{ externals, environment: environment(engine.name) },
    ...{ force, retries, shard, listener, signal },
    ...(out !== undefined && { conclude: writtenTo(out), onPlan: planWriter(out, store) }),
  }).finally(() => executor.close());
}

/** Writes the plan of a run, for `polytask status` and `polytask merge`. */
const planWriter = (directory: string, store: TrialStore) => async (plan: StudyPlan) => {
  const stored = new Set((await store.read()).map(lineKey));
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

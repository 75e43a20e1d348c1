import { openFolder } from '@polytask/core';
import { type Conclude, inProcess, memoryStore, openData, type RunOutcome, runStudy } from '@polytask/study';
import { openEngine } from './engines.ts';
import { environment } from './environment.ts';
import { writeOutcome } from './report/write-outcome.ts';
import { loadPlugins } from './plugins.ts';
import { openPredictions } from './predictions/prediction-folder.ts';
import { readSuite, type RunOptions } from './run-options.ts';
import { openSearch } from './search/search-file.ts';
import { failureLog, openResults, readResults } from './trials/results-file.ts';
import { trackedStore } from './tracking/tracked-store.ts';
import { processPool } from './workers/process-pool.ts';

/**
 * Runs a suite: a trial of each model with each seed in each setting. With `out`, each finished trial is written to a file, and a stopped
 * run resumes. A failed trial is reported and left out. A trial whose process ended early is repeated first.
 *
 * @throws PolytaskError on invalid options, data that can't be read, or when all trials failed; the signal's reason
 * @example
 * const { summaries: [summary] } = await runSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2, 3] });
 * console.log(renderTable(summary));
 */
export async function runSuite(options: RunOptions = {}): Promise<RunOutcome> {
  const {
    out,
    workers = 0,
    reuse = [],
    force,
    retries,
    keepPredictions = false,
    externals,
    trackers = [],
    listener,
    signal,
  } = options;
  const onNote = (message: string) => listener?.onNote?.(message);
  const plugins = await loadPlugins(options.plugins ?? []);
  const suite = await readSuite(options);
  const engine = await openEngine(options.engine, onNote);
  const data = openData(() => Promise.resolve(suite.row));
  const store = trackedStore(out === undefined ? memoryStore() : openResults(out), trackers, onNote);
  const scores = out === undefined ? undefined : await openSearch(out, reuse);
  const predictions = out === undefined || !keepPredictions ? undefined : openPredictions(out);
  const log = out === undefined ? undefined : failureLog(out);
  const otherTrials = (await Promise.all(reuse.map(readResults))).flat();

  const executor =
    workers === 0
      ? inProcess(data, environment(engine.name))
      : processPool(workers, { engine: engine.name, plugins, access: options.access });
  return runStudy(suite, {
    ...{ engine, data, executor, store, scores, predictions, log, reuse: otherTrials },
    ...{ externals, environment: environment(engine.name) },
    ...{ force, retries, listener, signal },
    ...(out !== undefined && { conclude: writtenTo(out) }),
  }).finally(() => executor.close());
}

/** Reads the trials and writes the report in one turn, so that the report of the last run has the trials of all runs. */
const writtenTo =
  (directory: string): Conclude =>
  (outcome) =>
    openFolder(directory).write(async (writer) => {
      const result = await outcome();
      await writeOutcome(directory, writer, result);
      return result;
    });

import { inProcess, memoryStore, openData, runStudy, type RunOutcome } from '@polytask/study';
import { openEngine } from './engines/start-engine.ts';
import { environment } from './environment.ts';
import { readSuite } from './read-suite.ts';
import { writeOutcome } from './report/write-outcome.ts';
import type { RunOptions } from './run-options.ts';
import { openSearch } from './search/search-file.ts';
import { failureLog } from './trials/failure-log.ts';
import { openResults, readResults } from './trials/results-file.ts';
import { processPool } from './workers/process-pool.ts';

/**
 * Runs a suite: each model with each seed in each setting. With `out` each trial is written as it finishes, and a run that
 * was stopped goes on where it was. A trial that throws is reported and left out; one whose process is lost is tried again
 * first.
 *
 * @throws PolytaskError on options that make no sense, data that can't be read, or when no trial came through
 * @example
 * const { summaries: [summary] } = await runSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2, 3] });
 * console.log(renderTable(summary));
 */
export async function runSuite(options: RunOptions = {}): Promise<RunOutcome> {
  const { out, workers = 0, reuse = [], force, retries, listener, signal } = options;
  const suite = await readSuite(options);
  const engine = await openEngine(options.engine, (message) => listener?.onNote?.(message));
  const data = openData(() => Promise.resolve(suite.row));
  const store = out === undefined ? memoryStore() : await openResults(out);
  const scores = out === undefined ? undefined : await openSearch(out, reuse);
  const log = out === undefined ? undefined : failureLog(out);
  const otherTrials = (await Promise.all(reuse.map(readResults))).flat();

  const executor = workers === 0 ? inProcess(data, environment()) : processPool(workers, engine.name);
  const outcome = await runStudy(suite, {
    ...{ engine, data, executor, store, scores, log, reuse: otherTrials },
    ...{ force, retries, listener, signal },
  }).finally(() => executor.close());

  if (out !== undefined) await writeOutcome(out, outcome);
  return outcome;
}

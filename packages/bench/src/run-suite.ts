import { PolytaskError } from '@polytask/core';
import { engines } from './engines/engines.ts';
import { AUTO, startEngine } from './engines/start-engine.ts';
import { findRow } from './find-row.ts';
import { planSuite } from './plan-suite.ts';
import { writeOutcome } from './report/write-outcome.ts';
import type { RunOptions, RunOutcome } from './run-options.ts';
import { summarise } from './summary/summarise.ts';
import type { Summary } from './summary/summary.ts';
import { declareTrials } from './trials/declare-trials.ts';
import { failureLog } from './trials/failure-log.ts';
import { openData } from './trials/open-data.ts';
import { openResults } from './trials/results-file.ts';
import { runTrials } from './trials/run-trials.ts';
import { settingKey, trialKey } from './trials/trial-key.ts';
import type { Trial } from './trials/trial.ts';
import { inProcess } from './workers/in-process.ts';
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
  const { listener = {}, signal, out, force = false, workers = 0, retries = 1 } = options;
  const plan = await planSuite(options);
  const engine = await startEngine(options.engine ?? AUTO, (message) => listener.onNote?.(message));
  const { training } = findRow(engines, engine, 'engine');
  const opened = openData(() => Promise.resolve(plan.suite.row));
  const settings = await declareTrials(plan, options, opened, { name: engine, training });
  for (const note of new Set(settings.flatMap(({ notes }) => notes))) listener.onNote?.(note);
  const keys = new Set(settings.map(({ key }) => key));
  const file = out === undefined ? undefined : await openResults(out);
  const there = async () => ((await file?.read()) ?? []).filter((trial) => keys.has(settingKey(trial)));

  const known = new Set((await there()).map(trialKey));
  const all = settings.flatMap(({ trials }) => trials);
  const todo = force ? all : all.filter(({ identity }) => !known.has(trialKey(identity)));
  const models = plan.contestants.map(({ label }) => label);
  listener.onStart?.({ suite: plan.suite.name, engine, models, seeds: plan.seeds, settings: settings.length, there: all.length - todo.length, total: all.length });

  const finished: Trial[] = [];
  const executor = workers === 0 ? inProcess(opened) : processPool(Math.min(workers, Math.max(1, todo.length)), engine);
  const keep = async (trial: Trial) => {
    finished.push(trial);
    await file?.append(trial);
  };
  const failures = await runTrials(todo, { executor, retries, listener, signal, keep, log: out === undefined ? undefined : failureLog(out) })
    .finally(() => executor.close());

  const trials = file ? await there() : finished;
  const summaries = settings.flatMap(({ title, key, notes }): Summary[] => {
    const own = trials.filter((trial) => settingKey(trial) === key);
    return own.length > 0 ? [summarise(own, { baseline: plan.baseline, order: plan.order, setting: title, notes, failures: failures.filter(({ setting }) => setting === title) })] : [];
  });
  const [first, ...others] = summaries;
  if (!first) throw new PolytaskError(`No trial came through. The first failed with: ${failures[0]?.error.message}`, { cause: failures[0]?.error });
  const outcome: RunOutcome = { summaries: [first, ...others], trials, failures };
  if (out !== undefined) await writeOutcome(out, outcome);
  return outcome;
}

import { PolytaskError } from '@polytask/core';
import { engines } from './engines/engines.ts';
import { AUTO, startEngine } from './engines/start-engine.ts';
import { findRow } from './find-row.ts';
import { noteText } from './guards/warning.ts';
import { planSuite } from './plan-suite.ts';
import { writeOutcome } from './report/write-outcome.ts';
import type { RunOptions, RunOutcome } from './run-options.ts';
import { choose, type Chosen } from './search/choose.ts';
import { openSearch } from './search/search-file.ts';
import { summarise } from './summary/summarise.ts';
import type { Summary } from './summary/summary.ts';
import { jobsOf, keyOf, openSetting, type DeclaredTrial, type OpenSetting } from './trials/declare-trials.ts';
import type { Failure } from './trials/failure.ts';
import { failureLog } from './trials/failure-log.ts';
import { openData } from './trials/open-data.ts';
import { openResults } from './trials/results-file.ts';
import { runTrials } from './trials/run-trials.ts';
import { settingKey, trialKey } from './trials/trial-key.ts';
import { trialsElsewhere } from './trials/trials-elsewhere.ts';
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
  const { listener = {}, signal, out, force = false, workers = 0, retries = 1, reuse = [] } = options;
  const plan = await planSuite(options);
  const engine = await startEngine(options.engine ?? AUTO, (message) => listener.onNote?.(message));
  const { training } = findRow(engines, engine, 'engine');
  const runEngine = { name: engine, training };
  const opened = openData(() => Promise.resolve(plan.suite.row));
  const settings: OpenSetting[] = [];
  for (const setting of plan.settings) {
    signal?.throwIfAborted();
    settings.push(await openSetting(setting, plan, options, opened));
  }
  for (const note of new Set(settings.flatMap(({ notes }) => notes).map(noteText))) listener.onNote?.(note);

  const keys = settings.map((setting) => keyOf(setting, plan, runEngine));
  const file = out === undefined ? undefined : await openResults(out);
  const elsewhere = await trialsElsewhere(reuse);
  const there = async () => ((await file?.read()) ?? []).filter((trial) => keys.includes(settingKey(trial)));
  const known = new Set((await there()).map(trialKey));
  const executor = workers === 0 ? inProcess(opened) : processPool(workers, engine);
  const finished: Trial[] = [];
  const failures: Failure[] = [];
  const tried: Chosen['tried'][] = [];
  try {
    const all: DeclaredTrial[] = [];
    for (const setting of settings) {
      const searching = {
        plan,
        engine: runEngine,
        executor,
        retries,
        listener,
        signal,
        force,
        file: out === undefined ? undefined : await openSearch(out, reuse),
      };
      const { values, runnable, ...found } = await choose(setting, plan.search, searching);
      failures.push(...found.failures);
      tried.push(found.tried);
      all.push(...jobsOf(setting, plan, runEngine, runnable, plan.seeds, values));
    }
    const missing = force ? all : all.filter(({ identity }) => !known.has(trialKey(identity)));
    const copies = missing.flatMap((declared) => elsewhere(declared) ?? []);
    const copied = new Set(copies.map(trialKey));
    const todo = missing.filter(({ identity }) => !copied.has(trialKey(identity)));
    const models = plan.contestants.map(({ label }) => label);
    listener.onStart?.({
      suite: plan.suite.name,
      engine,
      models,
      seeds: plan.seeds,
      settings: settings.length,
      there: all.length - todo.length,
      total: all.length,
    });
    const keep = async (trial: Trial) => {
      finished.push(trial);
      await file?.append(trial);
    };
    for (const trial of copies) await keep(trial);
    failures.push(
      ...(await runTrials(todo, {
        executor,
        retries,
        listener,
        signal,
        keep,
        log: out === undefined ? undefined : failureLog(out),
      })),
    );
  } finally {
    await executor.close();
  }

  const trials = file ? await there() : finished;
  const summaries = settings.flatMap(({ setting: { title }, notes }, i): Summary[] => {
    const own = trials.filter((trial) => settingKey(trial) === keys[i]);
    const ownFailures = failures.filter(({ setting }) => setting === title);
    return own.length > 0
      ? [
          summarise(own, {
            baseline: plan.baseline,
            order: plan.order,
            setting: title,
            notes,
            failures: ownFailures,
            tried: tried[i],
          }),
        ]
      : [];
  });
  const [first, ...others] = summaries;
  if (!first)
    throw new PolytaskError(`No trial came through. The first failed with: ${failures[0]?.error.message}`, {
      cause: failures[0]?.error,
    });
  const outcome: RunOutcome = { summaries: [first, ...others], trials, failures };
  if (out !== undefined) await writeOutcome(out, outcome);
  return outcome;
}

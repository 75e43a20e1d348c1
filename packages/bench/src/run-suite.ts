import type { BalancerSpec } from '@polytask/balancing';
import { PolytaskError } from '@polytask/core';
import { balancedName } from './balancers/balancers.ts';
import { engines } from './engines/engines.ts';
import { AUTO, startEngine } from './engines/start-engine.ts';
import { findRow } from './find-row.ts';
import { versions } from './environment.ts';
import type { ModelParts } from './models/model-row.ts';
import { planSuite, type SuitePlan } from './plan-suite.ts';
import { writeOutcome } from './report/write-outcome.ts';
import type { Failure, RunOptions, RunOutcome, TrialPlace } from './run-options.ts';
import type { SuiteData, TrialData } from './suites/suite.ts';
import { summarise } from './summary/summarise.ts';
import { openResults } from './trials/results-file.ts';
import { runTrial, selectionFor } from './trials/run-trial.ts';
import { settingKey, trialKey } from './trials/trial-key.ts';
import type { Trial } from './trials/trial.ts';

/**
 * Runs a suite: each model with each seed, one after the other. With `out` each trial is written as it finishes, and a
 * run that was stopped goes on where it was. A trial that throws is reported and left out.
 *
 * @throws PolytaskError on options that make no sense, data that can't be read, or when no trial came through
 * @example
 * const { summary } = await runSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2, 3] });
 * console.log(renderTable(summary));
 */
export async function runSuite(options: RunOptions = {}): Promise<RunOutcome> {
  const { listener = {}, signal, out, force = false } = options;
  const plan = planSuite(options);
  const engine = await startEngine(options.engine ?? AUTO, (message) => listener.onNote?.(message));
  const { training } = findRow(engines, engine, 'engine');
  const data = await plan.suite.open({ directory: options.directory, limitRows: options.limitRows });
  for (const note of data.notes ?? []) listener.onNote?.(note);
  const rowsOf = rowsBySeed(data);
  const file = out === undefined ? undefined : await openResults(out);

  const all = declare(plan, data, engine);
  const setting = settingKey(all[0]!.trial);
  const before = (await file?.read() ?? []).filter((trial) => settingKey(trial) === setting);
  const known = new Set(before.map(trialKey));
  const todo = force ? all : all.filter(({ trial }) => !known.has(trialKey(trial)));
  const names = plan.models.flatMap(({ name }) => plan.balancers.map((row) => balancedName(name, row)));
  listener.onStart?.({ suite: plan.suite.name, engine, models: names, seeds: plan.seeds, there: all.length - todo.length, total: all.length });

  const finished: Trial[] = [];
  const failures: Failure[] = [];
  for (const [i, { trial, parts, balancing }] of todo.entries()) {
    const { model, seed, config } = trial;
    const place: TrialPlace = { model, seed, number: i + 1, of: todo.length };
    listener.onTrialStart?.({ ...place, epochs: config.training.epochs });
    try {
      const { rate } = config.model;
      const onEpoch = (epoch: number) => listener.onEpoch?.(epoch);
      const measured = await runTrial(rowsOf(seed), { parts, balancing, training: config.training, rate, seed, engine: training, onEpoch, signal });
      const done: Trial = { ...trial, versions: versions(), ...measured };
      finished.push(done);
      await file?.append(done);
      listener.onTrialEnd?.(done, place);
    } catch (error) {
      signal?.throwIfAborted();
      failures.push({ model, seed, error: error instanceof Error ? error : new Error(String(error)) });
      listener.onFailure?.(failures.at(-1)!, place);
    }
  }

  const trials = file ? (await file.read()).filter((trial) => settingKey(trial) === setting) : finished;
  if (trials.length === 0) throw new PolytaskError(`No trial came through. The first failed with: ${failures[0]?.error.message}`, { cause: failures[0]?.error });
  const summary = summarise(trials);
  if (out !== undefined) await writeOutcome(out, { summary, trials, failures });
  return { summary, trials, failures };
}

/** A trial that is still to be run. */
interface Declared {
  readonly trial: Pick<Trial, 'suite' | 'model' | 'seed' | 'engine' | 'config'>;
  readonly parts: ModelParts;
  readonly balancing: BalancerSpec | undefined;
}

/** All trials, seed by seed: each seed's rows are made once, and a stopped run has whole seeds. */
function declare({ suite, models, balancers, seeds, size, training }: SuitePlan, data: SuiteData, engine: string): Declared[] {
  const tasks = Object.keys(data.tasks);
  const built = models.flatMap(({ name, rate = 1, build }) => {
    const parts = build(size, tasks);
    return balancers.map((row) => ({ name: balancedName(name, row), rate, parts, ...(row.spec && { balancing: row.spec }) }));
  });
  const common = { data: data.config, training: { ...training, selection: selectionFor(data.tasks) }, size };
  return seeds.flatMap((seed) =>
    built.map(({ name, rate, parts, balancing }) => ({
      trial: { suite: suite.name, model: name, seed, engine, config: { ...common, model: { ...parts, rate, ...(balancing && { balancing }) } } },
      parts,
      balancing,
    })),
  );
}

/** The rows of the seed that was asked for last are kept: all its models come in a row. */
function rowsBySeed(data: SuiteData): (seed: number) => TrialData {
  let last: { seed: number; rows: TrialData } | undefined;
  return (seed) => {
    if (last?.seed !== seed) last = { seed, rows: data.trial(seed) };
    return last.rows;
  };
}

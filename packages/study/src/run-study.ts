import {
  anything,
  fail,
  groupBy,
  mean,
  type Option,
  optional,
  readOptions,
  sum,
  type Written,
} from '@polytask/components';
import { externalTrials, type ExternalModel } from './external/external-trials.ts';
import type { Executor } from './trials/executor.ts';
import { searchModels, type SearchOutcome, together } from './trials/search-models.ts';
import {
  type Shard,
  trialsOfShard,
  outcomeOf,
  type RunOutcome,
  type StudyPlan,
  studyPlan,
  trialsOfStudy,
} from './study-plan.ts';
import type { Suite } from './suites/suite.ts';
import type { OpenedData } from './trials/open-data.ts';
import { leftOutNotes, reuseNotes, testRowsNotes } from './results/current-trials.ts';
import { openSetting, type OpenSetting, planTrials, rowsOf, type TrialEngine } from './trials/plan.ts';
import { comparison, type Policy, runPolicy, policyOptions, reusedResults } from './trials/run-trials.ts';
import type { Environment } from './trials/test-model.ts';
import { settingKey, trialKey, type Failure, type Result, testedOf, type TrialResult } from './results/trial-result.ts';
import type { CodeOf, TrialSpec } from './trials/trial-spec.ts';

const own = {
  engine: anything as Option<TrialEngine>,
  /** The data of the suite, as `openData` gives it. */
  data: anything as Option<OpenedData>,
  /** Results of other runs. Those of the same work are copied instead of run. */
  reuse: optional(anything as Option<readonly Result[]>),
  /** Hashes the code of components from outside. A trial of other code is another trial. Default: their code is not known. */
  code: optional(anything as Option<CodeOf>),
  /** The part of the trials to run. Default: all. */
  shard: optional(anything as Option<Shard>),
  /** Receives the plan of all trials before the first one runs. */
  onPlan: optional(anything as Option<(plan: StudyPlan) => Promise<void>>),
  /** Models that were trained elsewhere, such as those of `externalFolder`. They become rows of the tables. */
  externals: optional(anything as Option<readonly ExternalModel[]>),
  /** The versions and the machine that the results of `externals` name. */
  environment: optional(anything as Option<Environment>),
  /** Computes the outcome of {@link runStudy} from the store after the last trial. Default: at once. */
  conclude: optional(anything as Option<Conclude>),
};

const { copyOf: _, ...ofPolicy } = policyOptions;
const studyOptions = { ...ofPolicy, ...own };

export interface StudyOptions extends Written<typeof own>, Written<Omit<typeof policyOptions, 'copyOf'>> {}

/** Computes the outcome of a run and uses it, such as for a report, while no other run changes the store. */
export type Conclude = (outcome: () => Promise<RunOutcome>) => Promise<RunOutcome>;

/**
 * Runs a suite: opens its data, searches hyper-parameters, plans the trials, runs those that the store doesn't have, and summarizes
 * all trials. A failed trial is reported and left out.
 *
 * @throws PolytaskError on an unknown option, on data that can't be read, or when all trials failed; the signal's reason
 * @example
 * const suite = await createSuite({ suite: 'synthetic', models: ['single-task', 'adatt'] });
 * const data = openData(() => Promise.resolve(suite.entry));
 * const engine = { name: 'cpu', mode: 'eager' } as const;
 * const { summaries } = await runStudy(suite, { engine, data, executor: inProcess(data), store: memoryStore() });
 */
export async function runStudy(suite: Suite, options: StudyOptions): Promise<RunOutcome> {
  readOptions(options, studyOptions, 'runStudy');
  const { conclude = (outcome) => outcome() } = options;
  const { plan, failures, stored } = await planAndRun(suite, options);
  return conclude(async () => outcomeOf(plan, await stored(), failures));
}

/**
 * Runs a suite as {@link runStudy} does, without its statistics: a page leaves `summarize` to a worker.
 *
 * @throws PolytaskError on data that can't be read, or when all trials failed; the signal's reason
 * @example
 * const suite = await createSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: 2 });
 * const data = openData(() => Promise.resolve(suite.entry));
 * const engine = { name: 'cpu', mode: 'eager' } as const;
 * const trials = await runStudyTrials(suite, { engine, data, executor: inProcess(data), store: memoryStore() });
 * const summary = summarize(trials, { baseline: suite.baseline, order: suite.order });
 */
export async function runStudyTrials(suite: Suite, options: StudyOptions): Promise<readonly TrialResult[]> {
  readOptions(options, studyOptions, 'runStudyTrials');
  const { plan, failures, stored } = await planAndRun(suite, options);
  return trialsOfStudy(plan, await stored(), failures).current;
}

/** A plan whose trials have run. */
interface FinishedPlan {
  readonly plan: StudyPlan;
  readonly failures: readonly Failure[];
  /** The trials of the store, but for outdated ones. */
  stored(): Promise<TrialResult[]>;
}

async function planAndRun(suite: Suite, options: StudyOptions): Promise<FinishedPlan> {
  const { executor, store, force, retries, log, code, listener = {}, signal } = options;
  const { data, predictions, externals = [], environment = { versions: {} } } = options;
  if (suite.folds !== undefined && externals.length > 0)
    fail({
      expected: 'folds, or models that were trained elsewhere',
      received: 'both',
      fix: 'polytask split writes the rows of seeds: leave folds out.',
    });
  const settings: OpenSetting[] = [];
  for (const setting of suite.settings) {
    signal?.throwIfAborted();
    settings.push(await openSetting(suite, setting, options.engine, data, code));
  }
  const messages = settings.flatMap(({ notes }) => notes.map(({ message }) => message));
  for (const message of new Set(messages)) listener.onNote?.(message);

  const external: TrialResult[] = [];
  for (const setting of settings)
    external.push(
      ...(await externalTrials(setting, { externals, data, environment, predictions, onNote: listener.onNote })),
    );

  const copyOf = reusedResults(options.reuse ?? []);
  const { plan, failures } = await runPolicy(study(suite, settings, copyOf, options), {
    ...{ executor, store, copyOf, predictions, force, retries, listener, signal, log },
  });
  for (const trial of external) await store.append(trial);
  const isOutdated = outdated(external);
  const stored = async () => (await store.read()).filter((trial) => !isOutdated(trial));
  return { plan, failures, stored };
}

/** The rows of each search, and those that its models train on. Folds have a search each (nested: Varma and Simon 2006). */
function rowsOfSearches({ suite, searched }: OpenSetting) {
  const rows = rowsOf(suite);
  return suite.folds === undefined
    ? [{ searched, trained: rows }]
    : rows.map((each) => ({ searched: each, trained: [each] }));
}

/** The policy of a suite: the searches of each setting, then the trials of all tables. */
async function* study(
  suite: Suite,
  settings: readonly OpenSetting[],
  copyOf: ReturnType<typeof reusedResults>,
  options: StudyOptions,
): Policy<Omit<FinishedPlan, 'stored'>> {
  const { store, onPlan, shard, engine, listener = {} } = options;
  const searches: SearchOutcome[] = [];
  const specs: TrialSpec[] = [];
  for (const setting of settings) {
    const own: SearchOutcome[] = [];
    for (const { searched, trained } of rowsOfSearches(setting)) {
      const outcome = yield* searchModels({ ...setting, searched }, listener);
      specs.push(...planTrials(setting, outcome.runnable, trained, outcome.values));
      own.push(outcome);
    }
    searches.push(together(own));
  }
  const wholePlan = studyPlan(suite, engine.name, settings, searches, specs);
  await onPlan?.(wholePlan);
  const tables = settings.map(({ common }) => ({ suite: suite.name, engine: engine.name, config: common }));
  for (const note of leftOutNotes(await store.read(), tables)) listener.onNote?.(note);

  const ownSpecs = shard ? trialsOfShard(specs, shard) : specs;
  const failed = yield* comparison(await specsToRun(suite, ownSpecs, copyOf, options));
  return { plan: wholePlan, failures: [...searches.flatMap(({ failures }) => failures), ...failed] };
}

/** Whether a stored trial is that of other predictions of an external model than those of this run. */
function outdated(external: readonly TrialResult[]): (trial: TrialResult) => boolean {
  const placeOf = (trial: TrialResult) => JSON.stringify([settingKey(trial), trial.model, trial.seed]);
  const current = new Map(external.map((trial) => [placeOf(trial), trialKey(trial)]));
  return (trial) => (current.get(placeOf(trial)) ?? trialKey(trial)) !== trialKey(trial);
}

/** Copies trials of other runs to the store. @returns the specs that are still missing in it */
async function specsToRun(
  suite: Suite,
  specs: readonly TrialSpec[],
  copyOf: ReturnType<typeof reusedResults>,
  { executor, store, predictions, engine, force = false, reuse = [], listener = {} }: StudyOptions,
): Promise<TrialSpec[]> {
  const keptKeys = await predictions?.keys();
  const trials = await store.read();
  const storedKeys = force ? [] : trials.map(trialKey);
  const stored = new Set(storedKeys.filter((key) => keptKeys?.has(key) ?? true));
  const missing = specs.filter(({ key }) => !stored.has(key));
  const copies = testedOf(missing.flatMap((spec) => copyOf(spec) ?? []));
  const copyKeys = new Set(copies.map(trialKey));
  const specsLeft = missing.filter(({ key }) => !copyKeys.has(key));
  for (const note of reuseNotes(testedOf(reuse), specsLeft)) listener.onNote?.(note);
  for (const note of testRowsNotes(specs.filter((spec) => !specsLeft.includes(spec)))) listener.onNote?.(note);
  listener.onStart?.({
    suite: suite.name,
    engine: engine.name,
    models: suite.models.map(({ label }) => label),
    baseline: suite.baseline,
    seeds: suite.seeds,
    folds: suite.folds,
    settings: suite.settings.length,
    there: specs.length - specsLeft.length,
    total: specs.length,
    seconds: expectedSeconds(specsLeft, [...trials, ...copies], executor),
  });
  for (const copy of copies) await store.append(copy);
  return predictions ? specsLeft.map((spec) => ({ ...spec, keepPredictions: true })) : specsLeft;
}

/** By the mean time of a model's trials in the same setting. Undefined if a model has none. */
function expectedSeconds(specs: readonly TrialSpec[], trials: readonly TrialResult[], { places }: Executor) {
  const rowOf = (trial: TrialSpec | TrialResult) => `${settingKey(trial)} ${trial.model}`;
  const stored = groupBy(trials, rowOf);
  const expected = specs.map((spec) => mean(stored.get(rowOf(spec))?.map(({ seconds }) => seconds) ?? []));
  return expected.every(Number.isFinite) ? sum(expected) / Math.min(places, expected.length || 1) : undefined;
}

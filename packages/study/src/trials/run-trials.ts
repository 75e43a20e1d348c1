import { checks, type FromDescription, type Option, readOptions, type Release, type Written } from '@polytask/core';
import {
  type PredictionStore,
  type Failure,
  type Result,
  type TrialResult,
  isScore,
  testedOf,
  placeOf,
  workKey,
} from '../results/trial-result.ts';
import { type Executor, WorkerLost, scoreOf } from './executor.ts';
import { positionOf, type RunListener } from './run-listener.ts';
import type { TrialSpec } from './trial-spec.ts';

const { anything, flag, optional, wholeNumber } = checks;

/** Writes the error and output of a failed trial to a file. @returns the path of the file */
export type FailureLog = (spec: TrialSpec, error: Error) => Promise<string>;

/** What a policy asks for: trials whose results it needs before it decides on others. */
export interface Round {
  readonly specs: readonly TrialSpec[];
  /** The seconds of a search so far, for scores that are stored. Default: none. */
  readonly elapsed?: (() => number) | undefined;
  /**
   * Asked before a trial starts whose result isn't stored.
   *
   * @returns false to leave the trial out, or a signal that ends it. Default: true
   */
  readonly start?: ((index: number) => boolean | AbortSignal) | undefined;
  /** Called with each result when it comes, or with undefined for a trial that gives none. */
  readonly onOutcome?: ((outcome: Outcome, index: number) => void) | undefined;
}

export interface Outcome {
  /** Undefined for a trial that was left out, or failed on the test rows. One that failed on the validation rows has the score NaN. */
  readonly result?: Result | undefined;
  readonly failure?: Failure | undefined;
}

/**
 * A policy decides which trials run: a plain comparison, a search, folds. It yields rounds of trials, and receives the outcomes of each
 * round in the order of its specs.
 */
export type Policy<T> = AsyncGenerator<Round, T, readonly Outcome[]>;

/** The options of a run of trials. */
export const policyOptions = {
  executor: anything as Option<Executor>,
  /** The store of results. Each result is stored before the next trial starts in its place. */
  store: anything as Option<TrialStore>,
  /** Finds the result of other runs for a trial on the validation rows: see `reusedResults`. Default: there are none. */
  copyOf: optional(anything as Option<(spec: TrialSpec) => Result | undefined>),
  /** Takes the predictions of the trials, each before its trial is stored. Default: predictions are not kept. */
  predictions: optional(anything as Option<PredictionStore>),
  /** Whether to repeat trials that the stores have. Default: false. */
  force: optional(flag),
  /** How often to repeat a trial whose process ended early. Default: 1. */
  retries: optional(wholeNumber()),
  listener: optional(anything as Option<RunListener>),
  signal: optional(anything as Option<AbortSignal>),
  log: optional(anything as Option<FailureLog>),
};

export interface PolicyOptions extends Written<typeof policyOptions>, FromDescription {}

/**
 * Runs the trials that a policy asks for, as many at the same time as the executor has places. Stored results are not repeated. A failed
 * trial does not stop the others. A trial that another run with the same store runs meanwhile is left to that run.
 *
 * @returns what the policy returns
 * @throws PolytaskError for an unknown option; the reason of the signal
 * @example const failures = await runPolicy(comparison(specs), { executor, store });
 */
export async function runPolicy<T>(policy: Policy<T>, options: PolicyOptions): Promise<T> {
  readOptions(options, policyOptions, 'runPolicy');
  for (let step = await policy.next(); ;) {
    if (step.done) return step.value;
    step = await policy.next(await runRound(step.value, options));
  }
}

/** The policy that runs trials, all at once. @returns the failed ones */
export async function* comparison(specs: readonly TrialSpec[]): Policy<Failure[]> {
  return (yield { specs }).flatMap(({ failure }) => failure ?? []);
}

async function runRound(round: Round, options: PolicyOptions): Promise<Outcome[]> {
  const { specs, onOutcome } = round;
  const outcomes: Outcome[] = [];
  await atPlaces(specs, options.executor.places, async (spec, i) => {
    outcomes[i] =
      spec.measures === 'test'
        ? await testedTrial(spec, i, round, options)
        : await scoredTrial(spec, i, round, options);
    onOutcome?.(outcomes[i], i);
  });
  return outcomes;
}

/** Runs a trial of a table. Tables have looked for stored trials before, so one that is there now was run elsewhere. */
async function testedTrial(spec: TrialSpec, index: number, { specs }: Round, options: PolicyOptions): Promise<Outcome> {
  const { executor, store, predictions: kept, force = false, retries = 1, listener = {}, signal, log } = options;
  const place = positionOf(spec, index, specs.length);
  let attempts = 0;
  const attempt = () => {
    attempts++;
    listener.onTrialStart?.(place);
    return executor.run(spec, { onEpoch: (epoch) => listener.onEpoch?.(epoch, place), signal });
  };
  return underClaim(await store.claim(spec), async () => {
    try {
      const isKept = (await kept?.keys())?.has(spec.key) ?? true;
      const stored = force || !isKept ? undefined : await store.find(spec);
      if (stored) {
        listener.onFinishedElsewhere?.(place);
        return { result: stored };
      }
      const ran = await withRetries(attempt, retries, (error) => listener.onRetry?.(error, place));
      const { predictions, ...result } = ran as TrialResult;
      if (predictions) await kept?.write(spec.key, predictions);
      await store.append(result, { replace: force || predictions !== undefined }); // a line without predictions gives way
      listener.onTrialEnd?.(result, place);
      return { result };
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = errorOf(thrown);
      const file = await log?.(spec, error);
      const { setting, model, seed, fold } = spec;
      const failure: Failure = {
        setting,
        model,
        seed,
        fold,
        error,
        attempts,
        ...(file !== undefined && { log: file }),
      };
      listener.onFailure?.(failure, place);
      return { failure };
    }
  });
}

/** Trains a configuration of a search, unless its score is stored. One that failed has the score NaN, and isn't tried again. */
async function scoredTrial(spec: TrialSpec, index: number, round: Round, options: PolicyOptions): Promise<Outcome> {
  const { executor, store, copyOf = () => undefined, force = false, retries = 1, signal } = options;
  const find = async () => (force ? undefined : store.find(spec));
  const before = await find();
  if (before) return { result: before };
  const start = round.start?.(index) ?? true;
  if (start === false) return {};
  const limit = start === true ? undefined : start;
  const either = AbortSignal.any([signal, limit].filter((each) => each !== undefined));
  const keep = async (score: Result, failure?: Failure): Promise<Outcome> => {
    const result = { ...score, ...(round.elapsed && { elapsed: round.elapsed() }) };
    await store.append(result, { replace: force });
    return { result, failure };
  };
  return underClaim(await store.claim(spec), async () => {
    const since = await find();
    if (since) return { result: since };
    try {
      const copy = force ? undefined : copyOf(spec);
      return await keep(copy ?? (await withRetries(() => executor.run(spec, { signal: either }), retries)));
    } catch (thrown) {
      signal?.throwIfAborted();
      if (limit?.aborted) return {};
      const { setting, model, seed } = spec;
      return keep(scoreOf(spec, NaN), { setting, model, seed, error: errorOf(thrown), attempts: 1 });
    }
  });
}

export const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Runs a task, and repeats it at most `retries` times after {@link WorkerLost}. @param onRetry called before each repetition */
async function withRetries<T>(
  task: () => Promise<T>,
  retries: number,
  onRetry: (error: WorkerLost) => void = () => {},
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof WorkerLost) || attempt >= retries) throw error;
      onRetry(error);
    }
  }
}

/** How long a place waits when only work that is claimed elsewhere is left, in milliseconds. */
const PAUSE = 500;

/** The error of a task whose work another run has claimed. The task can be tried later. */
class ClaimedElsewhere extends Error {
  override readonly name = 'ClaimedElsewhere';
}

/** Runs work under a claim, and gives the claim back. @throws ClaimedElsewhere without a claim, for {@link atPlaces} */
export async function underClaim<T>(release: Release | undefined, work: () => Promise<T>): Promise<T> {
  if (!release) throw new ClaimedElsewhere('Another run has claimed this work.');
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Runs a task for each item in their order, at most `places` at the same time. Tasks that another run has claimed come last. */
export async function atPlaces<T>(
  items: readonly T[],
  places: number,
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()];
  const claimed = new Set<number>();
  let position = 0;
  const attempt = async ([index, item]: [number, T]) => {
    try {
      if (claimed.has(index)) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      await task(item, index);
    } catch (error) {
      if (!(error instanceof ClaimedElsewhere)) throw error;
      claimed.add(index);
      queue.push([index, item]);
    }
  };
  const place = async () => {
    while (position < queue.length) await attempt(queue[position++]!);
  };
  await Promise.all(Array.from({ length: Math.min(places, items.length) }, place));
}

/** Stores the results of trials: those of tables, and the scores of configurations that a search tried. */
export interface TrialStore {
  /** The results on test rows, one for each table and key, in the order of their first appearance. */
  read(): Promise<TrialResult[]>;
  find(spec: TrialSpec): Promise<Result | undefined>;
  /** Adds a result. One with the same {@link placeOf} stays, unless `replace` is true. */
  append(result: Result, options?: { readonly replace?: boolean }): Promise<void>;
  /**
   * Claims a trial, so that no other run with the store runs it meanwhile.
   *
   * @returns a function that ends the claim; undefined while another run has it
   */
  claim(spec: TrialSpec): Promise<Release | undefined>;
}

export function memoryStore(): TrialStore {
  const results = new Map<string, Result>();
  return {
    read: () => Promise.resolve(testedOf([...results.values()])),
    find: (spec) => Promise.resolve(results.get(placeOf(spec))),
    append(result, { replace = false } = {}) {
      const place = placeOf(result);
      if (replace || !results.has(place)) results.set(place, result);
      return Promise.resolve();
    },
    claim: () => Promise.resolve(() => Promise.resolve()), // no other process has this store
  };
}

/** Finds results of other runs that did the same work as a trial, under any name. Of two with the same work the later one counts. */
export function reusedResults(results: readonly Result[]): (spec: TrialSpec) => Result | undefined {
  const byWork = new Map(results.map((result) => [isScore(result) ? result.key : workKey(result), result]));
  return ({ suite, setting, model, parts, seed, fold, engine, config, measures, key }) => {
    const result = byWork.get(measures === 'validation' ? key : workKey({ seed, fold, engine, config }));
    if (!result) return undefined;
    if (isScore(result)) return { ...result, setting, model };
    const { setting: _, ...measured } = result;
    return { ...(setting !== '' && { setting }), ...measured, ...{ suite, model, parts, seed, engine, config } };
  };
}

import type { PredictionStore } from '../predictions/trial-predictions.ts';
import { type Executor, withRetries } from './executor.ts';
import { atPlaces, rethrowClaimed, underClaim } from './places.ts';
import type { Failure, RunListener, TrialPlace } from './run-listener.ts';
import type { TrialSpec } from './trial-spec.ts';
import { lineKey, type TrialStore } from './trial-store.ts';

/** Writes the error and output of a failed trial to a file. @returns the path of the file */
export type FailureLog = (spec: TrialSpec, error: Error) => Promise<string>;

export interface RunTrialsOptions {
  readonly executor: Executor;
  /** The store of finished trials. Each trial is stored before the next one starts in its place. */
  readonly store: TrialStore;
  /** Takes the predictions of the trials, each before its trial is stored. Default: predictions are not kept. */
  readonly predictions?: PredictionStore | undefined;
  /** Whether to repeat trials that the stores have. Default: false. */
  readonly force?: boolean | undefined;
  /** How often to repeat a trial whose process ended early. Default: 1. */
  readonly retries?: number | undefined;
  readonly listener?: RunListener | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log?: FailureLog | undefined;
}

/**
 * Runs trials, as many at the same time as the executor has places. A failed trial does not stop the others. A trial that another run
 * with the same store runs meanwhile is left to that run.
 *
 * @returns the failed trials
 * @throws the reason of the signal
 * @example const failures = await runTrials(specs, { executor, store });
 */
export async function runTrials(specs: readonly TrialSpec[], options: RunTrialsOptions): Promise<Failure[]> {
  const failures: Failure[] = [];
  await atPlaces(specs, options.executor.places, async (spec, i) => {
    const failure = await runOne(spec, { number: i + 1, of: specs.length }, options);
    if (failure) failures.push(failure);
  });
  return failures;
}

async function runOne(
  spec: TrialSpec,
  count: { readonly number: number; readonly of: number },
  {
    executor,
    store,
    predictions: predictionStore,
    force = false,
    retries = 1,
    listener = {},
    signal,
    log,
  }: RunTrialsOptions,
): Promise<Failure | undefined> {
  const { setting, model, seed, config } = spec;
  const place: TrialPlace = { setting, model, seed, ...count, epochs: config.training.epochs };
  let attempts = 0;
  const attempt = () => {
    attempts++;
    listener.onTrialStart?.(place);
    return executor.run(spec, { onEpoch: (epoch) => listener.onEpoch?.(epoch, place), signal });
  };
  const line = lineKey(spec);
  try {
    await underClaim(await store.claim(line), async () => {
      const isKept = (await predictionStore?.keys())?.has(spec.key) ?? true;
      if (!force && isKept && (await store.has(line))) return listener.onFinishedElsewhere?.(place);
      const { predictions, ...result } = await withRetries(attempt, retries, (error) =>
        listener.onRetry?.(error, place),
      );
      if (predictions) await predictionStore?.write(spec.key, predictions);
      await store.append(result, { replace: force || predictions !== undefined }); // a line without predictions gives way
      listener.onTrialEnd?.(result, place);
    });
    return undefined;
  } catch (thrown) {
    rethrowClaimed(thrown);
    signal?.throwIfAborted();
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const file = await log?.(spec, error);
    const failure: Failure = { setting, model, seed, error, attempts, ...(file !== undefined && { log: file }) };
    listener.onFailure?.(failure, place);
    return failure;
  }
}

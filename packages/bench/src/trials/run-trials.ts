import { machine, versions } from '../environment.ts';
import type { RunListener, TrialPlace } from '../run-options.ts';
import type { Failure } from './failure.ts';
import { WorkerLost, type Executor } from '../workers/executor.ts';
import { atPlaces } from './at-places.ts';
import type { DeclaredTrial } from './declare-trials.ts';
import type { FailureLog } from './failure-log.ts';
import type { Trial } from './trial.ts';

export interface RunTrialsOptions {
  readonly executor: Executor;
  readonly retries: number;
  readonly listener: RunListener;
  readonly signal: AbortSignal | undefined;
  /** Keeps a finished trial before the next one starts in its place. */
  readonly keep: (trial: Trial) => Promise<void>;
  readonly log: FailureLog | undefined;
}

/** Runs trials, as many at once as the executor has places for; those that fail are given back. */
export async function runTrials(todo: readonly DeclaredTrial[], options: RunTrialsOptions): Promise<Failure[]> {
  const failures: Failure[] = [];
  await atPlaces(todo, options.executor.places, async (declared, i) => {
    const failure = await runOne(declared, { number: i + 1, of: todo.length }, options);
    if (failure) failures.push(failure);
  });
  return failures;
}

async function runOne(
  declared: DeclaredTrial,
  count: { number: number; of: number },
  options: RunTrialsOptions,
): Promise<Failure | undefined> {
  const { identity, job, setting } = declared;
  const { executor, retries, listener, signal, keep, log } = options;
  const { model, seed } = identity;
  const place: TrialPlace = { setting, model, seed, ...count, epochs: job.training.epochs };
  for (let attempt = 1; ; attempt++) {
    listener.onTrialStart?.(place);
    try {
      const measured = await executor.run(job, { onEpoch: (epoch) => listener.onEpoch?.(epoch, place), signal });
      const trial: Trial = {
        ...(setting !== '' && { setting }),
        ...identity,
        versions: versions(),
        machine: machine(),
        ...measured,
      };
      await keep(trial);
      listener.onTrialEnd?.(trial, place);
      return undefined;
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (error instanceof WorkerLost && attempt <= retries) {
        listener.onRetry?.(error, place);
        continue;
      }
      const file = await log?.write(identity, error);
      const failure: Failure = {
        setting,
        model,
        seed,
        error,
        attempts: attempt,
        ...(file !== undefined && { log: file }),
      };
      listener.onFailure?.(failure, place);
      return failure;
    }
  }
}

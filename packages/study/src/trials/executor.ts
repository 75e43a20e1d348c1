import { type OpenedData, rowsOfSpec } from './open-data.ts';
import { runCandidate, runTrial } from './run-trial.ts';
import { sealedRows, visibleRows } from './sealed-rows.ts';
import type { Environment } from './test-model.ts';
import type { TrialResult } from './trial-result.ts';
import type { TrialHooks, TrialSpec } from './trial-spec.ts';

/**
 * Runs trials, for example in this process, in a pool of processes, on a queue, or in the workers of a page. An implementation makes the
 * rows of a spec by `openData`, and calls `runTrial` or `runCandidate`.
 */
export interface Executor {
  /** How many trials run at the same time. */
  readonly places: number;
  /**
   * Runs a trial.
   *
   * @throws the trial's error; {@link WorkerLost} when its process ended early; the signal's reason
   */
  run(spec: TrialSpec, hooks: TrialHooks): Promise<TrialResult>;
  /** Trains a configuration of a search and returns its validation score. @throws as `run` does */
  score(spec: TrialSpec, hooks: TrialHooks): Promise<number>;
  /** Releases the executor's resources. */
  close(): Promise<void>;
}

/** The error of a trial whose process ended early. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';

  /** @param log the last lines that the process wrote */
  constructor(
    message: string,
    readonly log: string,
  ) {
    super(message);
  }
}

/** Runs a task, and repeats it at most `retries` times after {@link WorkerLost}. @param onRetry called before each repetition */
export async function withRetries<T>(
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

/**
 * Runs trials in this process, one after the other.
 *
 * @param environment the versions and the machine that results name
 * @example const executor = inProcess(openData(() => Promise.resolve(suite.row)));
 */
export const inProcess = (data: OpenedData, environment: Environment = { versions: {} }): Executor => ({
  places: 1,
  run: async (spec, hooks) => runTrial(sealedRows(await rowsOfSpec(data, spec)), spec, environment, hooks),
  score: async (spec, hooks) => runCandidate(visibleRows(await rowsOfSpec(data, spec)), spec, hooks),
  close: () => Promise.resolve(),
});

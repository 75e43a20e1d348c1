import { type OpenedData, rowsOfSpec } from './open-data.ts';
import { runTrial } from './run-trial.ts';
import { sealedRows } from './sealed-rows.ts';
import type { Environment } from './test-model.ts';
import type { Result } from '../results/trial-result.ts';
import type { TrialHooks, TrialSpec } from './trial-spec.ts';

/**
 * Runs trials, for example in this process, in a pool of processes, on a queue, or in the workers of a page. An implementation makes the
 * rows of a spec by `openData`, and calls `runTrial`.
 */
export interface Executor {
  /** How many trials run at the same time. */
  readonly places: number;
  /**
   * Runs a trial, which measures what its spec asks for.
   *
   * @throws the trial's error; {@link WorkerLost} when its process ended early; the signal's reason
   */
  run(spec: TrialSpec, hooks: TrialHooks): Promise<Result>;
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

/**
 * Runs trials in this process, one after the other.
 *
 * @param environment the versions and the machine that results name
 * @example const executor = inProcess(openData(() => Promise.resolve(suite.entry)));
 */
export const inProcess = (data: OpenedData, environment: Environment = { versions: {} }): Executor => ({
  places: 1,
  run: async (spec, hooks) => runTrial(sealedRows(await rowsOfSpec(data, spec)), spec, environment, hooks),
  close: () => Promise.resolve(),
});

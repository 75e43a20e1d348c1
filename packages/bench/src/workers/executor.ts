import type { Measured } from '../trials/run-trial.ts';
import type { TrialHooks, TrialJob } from '../trials/trial-job.ts';

/** Where trials are run. */
export interface Executor {
  /** How many at once. */
  readonly places: number;
  /**
   * @throws whatever the trial threw; {@link WorkerLost} when its process ended under it; the signal's reason
   */
  run(job: TrialJob, hooks: TrialHooks): Promise<Measured>;
  /** The validation score of a configuration. @throws as `run` does */
  search(job: TrialJob, hooks: TrialHooks): Promise<number>;
  close(): Promise<void>;
}

/** The process of a trial ended before the trial did. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';

  /** @param log the end of what the process had written */
  constructor(
    message: string,
    readonly log: string,
  ) {
    super(message);
  }
}

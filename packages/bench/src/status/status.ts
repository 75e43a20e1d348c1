/** How far studies are, and what their trials do: as `polytask status` shows it. */
export interface Status {
  readonly studies: readonly StudyProgress[];
  /** The workers of a queue. Undefined for a directory. */
  readonly workers?: readonly { readonly name: string; readonly processes: number }[];
  /** How many trials wait in the queue. Undefined for a directory. */
  readonly waiting?: number;
  readonly running: readonly RunningTrial[];
  readonly failed: readonly FailedTrial[];
}

/** How far a study is. */
export interface StudyProgress {
  /** The suite and the engine. */
  readonly title: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** Trials in an hour, since the run began. Undefined before the first. */
  readonly perHour?: number | undefined;
  /** The time until the last trial at this rate. Undefined without a rate. */
  readonly secondsLeft?: number | undefined;
}

export interface RunningTrial {
  readonly trial: string;
  /** The worker, or the process and its machine. */
  readonly where: string;
  /** The last epoch that it reported. */
  readonly epoch?: number | undefined;
}

export interface FailedTrial {
  readonly trial: string;
  readonly why: string;
}

/** The counts of a run. */
export interface RunCounts {
  readonly total: number;
  /** How many trials were there when the run began. */
  readonly there: number;
  readonly done: number;
  readonly failed: number;
  /** The seconds since then. */
  readonly seconds: number;
}

/** How far a run is, and how long it takes at the rate that it had. */
export function progressOf(title: string, { total, there, done, failed, seconds }: RunCounts): StudyProgress {
  const perSecond = (done - there) / seconds;
  const rate = perSecond > 0 && { perHour: 3600 * perSecond, secondsLeft: (total - done - failed) / perSecond };
  return { title, total, done, failed, ...(rate || {}) };
}

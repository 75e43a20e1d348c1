import type { TrialResult } from '../trials/trial-result.ts';
import type { TrialHooks, TrialSpec } from '../trials/trial-spec.ts';

/**
 * Where trials are run: this process, a pool of processes, a queue, the workers of a page. Whatever runs a spec gets its rows
 * from `openData`, and calls `runTrial` or `runCandidate`.
 */
export interface Executor {
  /** How many at once. */
  readonly places: number;
  /**
   * @throws whatever the trial threw; {@link WorkerLost} when its process ended under it; the signal's reason
   */
  run(spec: TrialSpec, hooks: TrialHooks): Promise<TrialResult>;
  /** The validation score of a configuration of a search. @throws as `run` does */
  score(spec: TrialSpec, hooks: TrialHooks): Promise<number>;
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

/** Runs a task again, at most so many times, while its process is lost. @param onRetry told before each */
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

/** Runs a task for each item, in their order, as many at once as there are places; the first that throws ends it. */
export async function atPlaces<T>(
  items: readonly T[],
  places: number,
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const rest = items.entries();
  const place = async () => {
    for (const [i, item] of rest) await task(item, i);
  };
  await Promise.all(Array.from({ length: places }, place));
}

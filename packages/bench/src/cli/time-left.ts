interface Estimate {
  readonly seconds: number;
  /**
   * `at most`: no trial has finished, so each counts with its largest number of epochs. `roughly`: some models have not finished a
   * trial, and models differ. `about`: each model has finished a trial.
   */
  readonly kind: 'at most' | 'roughly' | 'about';
}

/** The largest share of a running trial that counts as done: early stopping is unknown before the end. */
const ALMOST = 0.95;

/**
 * Starts the clock of a run. It estimates the remaining time from the epochs so far.
 *
 * @param models how many models the run has
 * @param now the time in seconds
 */
export function timeLeft(models: number, now: () => number = () => performance.now() / 1000) {
  const start = now();
  const running = new Map<number, { epoch: number; most: number }>();
  const finished = new Set<string>();
  const lengths: number[] = [];
  let over = 0;
  /** The finished share of a running trial, if it runs `epochs` epochs. */
  const shareOf = (epoch: number, epochs: number) => Math.min(ALMOST, epoch / epochs);
  return {
    /** Counts a finished epoch. @param trial 1-based @param epoch 1-based @param most the trial's largest number of epochs */
    epoch: (trial: number, epoch: number, most: number) => void running.set(trial, { epoch, most }),
    /** Counts a finished trial. @param epochs how many it ran; undefined for a failed trial */
    end(trial: number, model: string, epochs: number | undefined) {
      running.delete(trial);
      over++;
      if (epochs === undefined) return;
      finished.add(model);
      lengths.push(epochs);
    },
    /** Estimates the remaining time. @param of how many trials there are in all @returns undefined before the first epoch */
    estimate(of: number): Estimate | undefined {
      const usual = lengths.length === 0 ? undefined : lengths.reduce((a, b) => a + b, 0) / lengths.length;
      const parts = [...running.values()].map(({ epoch, most }) => shareOf(epoch, usual ?? most));
      const done = over + parts.reduce((a, b) => a + b, 0);
      if (done === 0) return undefined;
      const seconds = ((now() - start) / done) * Math.max(0, of - done);
      const kind = usual === undefined ? 'at most' : finished.size < models ? 'roughly' : 'about';
      return { seconds, kind };
    },
  };
}

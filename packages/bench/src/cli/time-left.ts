/** Estimates how long the rest of a run takes, from its epochs so far. */
export interface TimeLeft {
  /** An epoch of a trial is over. @param trial from 1 @param epoch from 1 @param most so many at most */
  epoch(trial: number, epoch: number, most: number): void;
  /** A trial is over. @param epochs that it ran; undefined for one that failed */
  end(trial: number, model: string, epochs: number | undefined): void;
  /**
   * The rest as of now.
   *
   * @param of trials in all
   * @returns undefined while nothing is known
   */
  estimate(of: number): Estimate | undefined;
}

export interface Estimate {
  readonly seconds: number;
  /**
   * `at most`: no trial is over, so every one is taken to run all epochs that it may. `roughly`: not every model has finished a
   * trial, and models differ. `about`: each has.
   */
  readonly kind: 'at most' | 'roughly' | 'about';
}

/** How far a running trial is thought to be at most: nobody knows before its end that it stops. */
const ALMOST = 0.95;

/**
 * @param models how many there are
 * @param now the time in seconds
 */
export function timeLeft(models: number, now: () => number = () => performance.now() / 1000): TimeLeft {
  const began = now();
  const running = new Map<number, { epoch: number; most: number }>();
  const finished = new Set<string>();
  const lengths: number[] = [];
  let over = 0;
  /** The share of a running trial that is done, if it runs so many epochs. */
  const shareOf = (epoch: number, epochs: number) => Math.min(ALMOST, epoch / epochs);
  return {
    epoch: (trial, epoch, most) => void running.set(trial, { epoch, most }),
    end(trial, model, epochs) {
      running.delete(trial);
      over++;
      if (epochs === undefined) return;
      finished.add(model);
      lengths.push(epochs);
    },
    estimate(of) {
      const usual = lengths.length === 0 ? undefined : lengths.reduce((a, b) => a + b, 0) / lengths.length;
      const parts = [...running.values()].map(({ epoch, most }) => shareOf(epoch, usual ?? most));
      const done = over + parts.reduce((a, b) => a + b, 0);
      if (done === 0) return undefined;
      const seconds = ((now() - began) / done) * Math.max(0, of - done);
      const kind = usual === undefined ? 'at most' : finished.size < models ? 'roughly' : 'about';
      return { seconds, kind };
    },
  };
}

/** The clock of a search with a time limit. It counts the seconds of the search over all runs of an interrupted one. */
export interface SearchClock {
  /** The seconds of the search so far. */
  elapsed(): number;
  /** Sets the clock to the time at which a stored training ended, if this is later. */
  resume(elapsed: number): void;
}

/** Starts a clock at 0. @param now the time in seconds */
export function searchClock(now: () => number): SearchClock {
  let start = now();
  let base = 0;
  const elapsed = () => base + now() - start;
  return {
    elapsed,
    resume(stored) {
      if (stored <= elapsed()) return;
      base = stored;
      start = now();
    },
  };
}

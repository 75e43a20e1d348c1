import type { RunListener } from '@polytask/study';
import type { CoordinatorFacts } from './roster.ts';

/** Counts the trials of a run, for `polytask status`. @param others receives every call too */
export function countedRun(suite: string, engine: string, others: RunListener = {}) {
  const start = performance.now();
  let [total, there, done, failed] = [0, 0, 0, 0];
  const own: RunListener = {
    onStart(plan) {
      total = plan.total;
      there = done = plan.there;
      others.onStart?.(plan);
    },
    onTrialEnd(...trial) {
      done++;
      others.onTrialEnd?.(...trial);
    },
    onFinishedElsewhere(place) {
      done++;
      others.onFinishedElsewhere?.(place);
    },
    onFailure(...failure) {
      failed++;
      others.onFailure?.(...failure);
    },
  };
  return {
    /** Counts, and passes every call on. */
    listener: Object.assign(Object.create(others) as RunListener, own),
    /** The counts so far. */
    facts: (): CoordinatorFacts => ({
      suite,
      engine,
      total,
      there,
      done,
      failed,
      seconds: (performance.now() - start) / 1000,
    }),
  };
}

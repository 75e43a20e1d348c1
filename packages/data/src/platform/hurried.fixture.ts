import { vi } from 'vitest';

const sleep = setTimeout;

/** Begins and waits, while timers run ten times as fast: a decoder that never returns ends after 0.6 s, not 6. */
export async function hurried<T>(begun: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let settled = false;
    const outcome = begun().finally(() => (settled = true));
    outcome.catch(() => undefined); // it is awaited below
    while (!settled) {
      await new Promise((resolve) => sleep(resolve, 10));
      vi.advanceTimersByTime(100);
    }
    return await outcome;
  } finally {
    vi.useRealTimers();
  }
}

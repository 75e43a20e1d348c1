/** Where Ctrl-C comes from, and what ends the program: `process`, or a test's. */
export interface Interrupts {
  on(signal: 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGINT', listener: () => void): unknown;
  exit(code: number): unknown;
}

/** What a shell reports of a command that Ctrl-C ended: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** The reason of the signal that Ctrl-C aborts. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/**
 * Runs something that a first Ctrl-C asks to stop, and a second one ends at once.
 *
 * @param run what to run; it should reject with the signal's reason soon after that is aborted
 * @throws whatever it throws: an {@link Interruption} where it was stopped
 */
export async function interruptible<T>(
  run: (signal: AbortSignal) => Promise<T>,
  interrupts: Interrupts = process,
): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) interrupts.exit(INTERRUPTED);
    else controller.abort(new Interruption('The run was stopped.'));
  };
  interrupts.on('SIGINT', stop);
  try {
    return await run(controller.signal);
  } finally {
    interrupts.off('SIGINT', stop);
  }
}

/**
 * How to go on after a stop.
 *
 * @param out the directory of the results; undefined where they were only in memory
 * @param kept how many trials are in it, of how many; undefined where the run hadn't come to its trials
 */
export function afterStop(
  out: string | undefined,
  kept: { readonly trials: number; readonly of: number } | undefined,
): string {
  if (out === undefined) return 'Stopped. Nothing was kept: pass --out DIR to be able to go on.';
  if (!kept) return 'Stopped before the first trial: run the same command again.';
  const { trials, of } = kept;
  return `Stopped. ${trials} of ${of} trials ${trials === 1 ? 'is' : 'are'} in ${out}: run the same command again to go on.`;
}

import type { Interrupts, Invocation, StopSignal } from './io.ts';

/** The exit code of a command that Ctrl-C ended: 128 + SIGINT. */
const INTERRUPTED = 130;

/** The reason of a signal that Ctrl-C aborted. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/**
 * Runs a function that the first Ctrl-C aborts. The second Ctrl-C ends the process at once.
 *
 * @param run ends soon after the signal is aborted; it rejects with the signal's reason if it could not finish
 * @param signals those that count as Ctrl-C
 * @throws the error of `run`; an {@link Interruption} after Ctrl-C
 */
export async function interruptible<T>(
  run: (signal: AbortSignal) => Promise<T>,
  interrupts: Interrupts = process,
  signals: readonly StopSignal[] = ['SIGINT'],
): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) interrupts.exit(INTERRUPTED);
    else controller.abort(new Interruption('The run was stopped.'));
  };
  for (const signal of signals) interrupts.on(signal, stop);
  try {
    return await run(controller.signal);
  } finally {
    for (const signal of signals) interrupts.off(signal, stop);
  }
}

/**
 * Runs a function as {@link interruptible} does. After Ctrl-C the exit code of the command is {@link INTERRUPTED}.
 *
 * @param onStop called after Ctrl-C
 * @returns undefined after Ctrl-C
 */
export const untilStopped = <T>(
  { interrupts, exit }: Pick<Invocation, 'interrupts' | 'exit'>,
  run: (signal: AbortSignal) => Promise<T>,
  onStop: () => void = () => {},
): Promise<T | undefined> =>
  interruptible(run, interrupts).catch((error: unknown) => {
    if (!(error instanceof Interruption)) throw error;
    onStop();
    exit(INTERRUPTED);
    return undefined;
  });

/**
 * The message after a stop, which says how to resume.
 *
 * @param out the directory of the results; undefined for results in memory
 * @param progress how many trials are finished, of how many; undefined before the first trial
 */
export function afterStop(
  out: string | undefined,
  progress: { readonly trials: number; readonly of: number } | undefined,
): string {
  if (out === undefined) return 'Stopped. Nothing was kept: pass --out DIR to be able to go on.';
  if (!progress) return 'Stopped before the first trial: run the same command again.';
  const { trials, of } = progress;
  const verb = trials === 1 ? 'is' : 'are';
  return `Stopped. ${trials} of ${of} trials ${verb} in ${out}: run the same command again to go on.`;
}

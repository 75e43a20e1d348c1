import type { Command } from 'commander';
import { printable } from '@polytask/components';
import type { TextOptions } from '@polytask/study';
import pc from 'picocolors';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** The signals that stop a command, and the one on which a service loads its model again. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The source of signals, and the function that ends the program: `process`, or a test's. */
export interface Interrupts {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
  exit(code: number): unknown;
}

/** The streams of the command: results go to stdout, all other text to stderr. */
export interface Io {
  /** Default: that of the process. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly interrupts?: Interrupts | undefined;
}

export interface Program extends Io {
  /** stdout for rows of data, whose control characters stay. */
  readonly rowsOut: Output;
  readonly plugins: readonly string[];
  /** Receives an exit code other than 0. */
  readonly exit: (code: number) => void;
}

export interface Invocation extends Program {
  readonly wholeProgram: () => Promise<Command>;
  /** Whether an option is on the command line: a default or a variable of the environment doesn't count. */
  isGiven(option: string): boolean;
  /** @throws a usage error */
  misuse(message: string): never;
}

export const hasColors = ({ isTTY }: Output): boolean => Boolean(isTTY) && pc.isColorSupported;

const USUAL_WIDTH = 80;

/** The width of lines: that of the terminal, or else the variable `COLUMNS`, or else 80. */
export const widthOf = ({ isTTY, columns }: Output): number =>
  (isTTY && columns) || Number(process.env['COLUMNS']) || USUAL_WIDTH;

export const textOptions = (output: Output): TextOptions => ({ width: widthOf(output), colors: hasColors(output) });

const ESCAPE = '\u001b';

/** Goes to the first line of a terminal, and removes what is there. */
export const FIRST_LINE = `${ESCAPE}[H${ESCAPE}[J`;

/** Goes up some lines of a terminal, and removes what is there and below. */
export const linesAbove = (lines: number): string => (lines === 0 ? '' : `${ESCAPE}[${lines}A${ESCAPE}[J`);

/** The codes that the command itself writes to a terminal: colors, the start of the last line, {@link FIRST_LINE} and {@link linesAbove}. */
const OWN_CODES = new RegExp(`(${ESCAPE}\\[\\d*m|\\r${ESCAPE}\\[K|${ESCAPE}\\[(?:H|\\d+A)${ESCAPE}\\[J)`);

/** An output that shows control characters of names and messages instead of sending them to the terminal. */
export const printableOutput = (output: Output): Output =>
  Object.assign(Object.create(output) as Output, {
    write(text: string) {
      // Renderers that use colors make the texts of the data printable first, so that codes within are their own.
      const pieces = output.isTTY ? text.split(OWN_CODES) : [text];
      return output.write(pieces.map((piece, i) => (i % 2 === 1 ? piece : printable(piece))).join(''));
    },
  });

/** Ends the process if the reader of its output is gone, such as `head`: that is no error. */
export function endWithReader(output: NodeJS.EventEmitter, exit: (code: number) => void): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    exit(0);
  });
}

/** The exit code of a command that Ctrl-C ended: 128 + SIGINT. */
const INTERRUPTED = 130;

export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/** Runs a function whose signal the first Ctrl-C aborts with an {@link Interruption}. The second Ctrl-C ends the process at once. */
export async function interruptible<T>(
  run: (signal: AbortSignal) => Promise<T>,
  interrupts: Interrupts = process,
  signals: readonly Signal[] = ['SIGINT'],
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

/** Runs a function as {@link interruptible} does. After Ctrl-C it gives undefined, and the exit code is {@link INTERRUPTED}. */
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

/** The message after a stop, which says how to resume. @param progress undefined before the first trial */
export function afterStop(out: string, progress: { readonly trials: number; readonly of: number } | undefined): string {
  if (!progress) return 'Stopped before the first trial: run the same command again.';
  const { trials, of } = progress;
  const verb = trials === 1 ? 'is' : 'are';
  return `Stopped. ${trials} of ${of} trials ${verb} in ${out}: run the same command again to go on.`;
}

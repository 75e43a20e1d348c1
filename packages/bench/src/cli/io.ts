import type { Interrupts } from './interruption.ts';

/** A stream that text is written to: `process.stdout`, or a test's. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
}

/** Where the command writes: results to stdout, everything else to stderr. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Where Ctrl-C comes from. Default: `process`. */
  readonly interrupts?: Interrupts | undefined;
}

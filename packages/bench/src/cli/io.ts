import pc from 'picocolors';

/** A stream of text: `process.stdout`, or a test's. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** The width of the terminal in characters. */
  readonly columns?: number;
}

/** A signal that stops a command: Ctrl-C, or the request of a supervisor. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

/** The source of signals, and the function that ends the program: `process`, or a test's. */
export interface Interrupts {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
  exit(code: number): unknown;
}

/** The streams of the command: results go to stdout, all other text to stderr. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The source of signals. Default: `process`. */
  readonly interrupts?: Interrupts | undefined;
}

/** Whether a stream is a terminal that shows colors. */
export const hasColors = ({ isTTY }: Output): boolean => Boolean(isTTY) && pc.isColorSupported;

import pc from 'picocolors';

/** A stream of text: `process.stdout`, or a test's. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** The width of the terminal in characters. */
  readonly columns?: number;
}

/** The source of Ctrl-C, and the function that ends the program: `process`, or a test's. */
export interface Interrupts {
  on(signal: 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGINT', listener: () => void): unknown;
  exit(code: number): unknown;
}

/** The streams of the command: results go to stdout, all other text to stderr. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The source of Ctrl-C. Default: `process`. */
  readonly interrupts?: Interrupts | undefined;
}

/** Whether a stream is a terminal that shows colors. */
export const hasColors = ({ isTTY }: Output): boolean => Boolean(isTTY) && pc.isColorSupported;

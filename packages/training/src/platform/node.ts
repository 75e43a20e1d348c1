import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A progress bar. */
export interface Bar {
  update(done: number, text: string): void;
  /** Writes a permanent line above the bar. */
  line(text: string): void;
  stop(): void;
}

/** The output stream of a bar. */
export type Terminal = NodeJS.WritableStream & { isTTY?: boolean };

/** Whether stderr is a terminal. */
export const hasTerminal = (): boolean => process.stderr.isTTY === true;

/** Creates a progress bar on stderr. Without a terminal, the bar writes a line every five seconds. */
export async function createBar(total: number, stream: Terminal = process.stderr): Promise<Bar> {
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    format: '{bar} {percentage}% · {text} · {eta_formatted} left',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    etaBuffer: 100,
    stream,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    // these defaults change the terminal, and Ctrl-C would not restore it
    hideCursor: null,
    linewrap: true,
    gracefulExit: false,
  });
  bar.start(total, 0, { text: '' });
  return {
    update: (done, text) => bar.update(done, { text }),
    line(text) {
      stream.write(stream.isTTY ? `\r\u001b[K${text}\n` : `${text}\n`);
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

export const inside = (directory: string, name: string): string => join(directory, name);

/** Adds bytes to a file. Creates a missing file, and its directory. */
export async function appendBytes(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, bytes);
}

/** Whether this is Node. */
export const onServer = (): boolean => true;

/** Writes a notice for the user on stderr. `--no-warnings` silences it. */
export const notice = (message: string): void => process.emitWarning(message, { type: 'PolytaskNotice' });

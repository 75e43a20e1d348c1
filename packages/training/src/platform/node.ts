import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A bar that moves. */
export interface Bar {
  update(done: number, text: string): void;
  /** Writes a line that stays, above the bar. */
  line(text: string): void;
  stop(): void;
}

/** Where a bar is drawn. */
export type Terminal = NodeJS.WritableStream & { isTTY?: boolean };

/** Whether somebody is looking. */
export const hasTerminal = (): boolean => process.stderr.isTTY === true;

/** A progress bar on stderr; on something that is no terminal, a line now and then. */
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
    // what it would change of the terminal stayed changed after Ctrl-C, unless it took the signal for itself
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

/** The names in a directory; none when there is no such directory. */
export async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

export const inside = (directory: string, name: string): string => join(directory, name);

/** Removes a directory with all that is in it. */
export const remove = (directory: string): Promise<void> => rm(directory, { recursive: true, force: true });

/** Whether this is Node. */
export const onServer = (): boolean => true;

/** Tells a person something that no caller has asked for: a line on stderr, which `--no-warnings` silences. */
export const notice = (message: string): void => process.emitWarning(message, { type: 'PolytaskNotice' });

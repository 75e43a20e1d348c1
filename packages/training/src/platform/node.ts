import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { progressBar, type Bar, type Terminal } from './bar.ts';

export const hasTerminal = (): boolean => process.stderr.isTTY === true;

/** Creates a progress bar on stderr. Without a terminal, the bar writes a line every five seconds. */
export const createBar = async (total: number, stream: Terminal = process.stderr): Promise<Bar> =>
  progressBar(total, stream);

export const inside = (directory: string, name: string): string => join(directory, name);

export async function appendBytes(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, bytes);
}

export const onServer = (): boolean => true;

/** Writes a notice for the user on stderr. `--no-warnings` silences it. */
export const notice = (message: string): void => process.emitWarning(message, { type: 'PolytaskNotice' });

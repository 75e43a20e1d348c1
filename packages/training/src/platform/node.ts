import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { progressBar, SILENT, type Bar, type ProgressChoice, type Terminal } from './bar.ts';

/** @param steps the number of steps of the run. Without this number there is no bar */
export const createProgress = (choice: ProgressChoice, steps?: number, stream: Terminal = process.stderr): Bar =>
  steps !== undefined && (choice === true || (choice === 'auto' && stream.isTTY === true))
    ? progressBar(steps, stream)
    : SILENT;

export const inside = (directory: string, name: string): string => join(directory, name);

export async function appendBytes(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, bytes);
}

export const onServer = (): boolean => true;

/** Writes a notice for the user on stderr. `--no-warnings` silences it. */
export const notice = (message: string): void => process.emitWarning(message, { type: 'PolytaskNotice' });

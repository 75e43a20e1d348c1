import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { sha256Of } from '@polytask/core';

/** The hashes of files that have not changed since. */
const known = new Map<string, string>();

/** SHA-256 of a file, in hexadecimal digits. A file that keeps its size and time is read once. */
export async function fileDigest(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const state = JSON.stringify([file, size, mtimeMs]);
  const digits = known.get(state) ?? (await sha256Of(createReadStream(file)));
  known.set(state, digits);
  return digits;
}

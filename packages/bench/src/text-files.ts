import { createReadStream } from 'node:fs';
import path from 'node:path';
import { openFolder } from '@polytask/core';

/** Writes a file as a whole: a reader sees the old content or the new one. */
export const writeWhole = (file: string, content: string | Uint8Array): Promise<void> =>
  openFolder(path.dirname(file)).write((writer) => writer.replace(path.basename(file), content));

/** The first bytes of a file, at most `size`. */
export async function headOf(file: string, size = 1024): Promise<Buffer> {
  for await (const head of createReadStream(file, { end: size - 1 })) return head as Buffer;
  return Buffer.alloc(0);
}

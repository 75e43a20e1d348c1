import path from 'node:path';
import { openFolder } from '@polytask/core';

/** Writes a file as a whole: a reader sees the old content or the new one. */
export const writeWhole = (file: string, content: string | Uint8Array): Promise<void> =>
  openFolder(path.dirname(file)).write((writer) => writer.replace(path.basename(file), content));

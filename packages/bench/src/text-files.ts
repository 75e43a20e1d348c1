import path from 'node:path';
import { fail, openFolder } from '@polytask/core';
import { z } from 'zod';

/**
 * Checks a value that a file holds.
 *
 * @param what the expected value and its place
 * @throws PolytaskError that names what doesn't fit
 */
export function valueOf<T>(schema: z.ZodType<T>, value: unknown, what: string, fix: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = z.prettifyError(result.error).replaceAll('\n', ' ');
  return fail({ expected: what, received: `something else (${faults})`, fix });
}

/** Writes a file as a whole: a reader sees the old content or the new one. */
export const writeWhole = (file: string, content: string | Uint8Array): Promise<void> =>
  openFolder(path.dirname(file)).write((writer) => writer.replace(path.basename(file), content));

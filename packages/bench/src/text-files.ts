import path from 'node:path';
import { fail, type Folder, openFolder } from '@polytask/core';
import { z } from 'zod';

/**
 * The complete lines of a text file, decoded one by one. A last line without an end is left out: its writer is still writing, or
 * was killed.
 */
export async function readLines(folder: Folder, name: string): Promise<FileLine[]> {
  const bytes = (await folder.read(name)) ?? new Uint8Array();
  const lines: FileLine[] = [];
  for (let start = 0, end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
    lines.push({ number: lines.length + 1, text: textOf(bytes.subarray(start, end)) });
  }
  return lines;
}

/** A line of a file. */
export interface FileLine {
  /** The 1-based number. */
  readonly number: number;
  /** Undefined when the line's bytes aren't UTF-8. */
  readonly text: string | undefined;
}

const NEWLINE = 10;
const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Checks a value that a file holds.
 *
 * @param what the expected value and its place
 * @throws PolytaskError that names what doesn't fit
 */
export function valueOf<T>(schema: z.ZodType<T>, value: unknown, what: string, mend: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = z.prettifyError(result.error).replaceAll('\n', ' ');
  return fail({ expected: what, received: `something else (${faults})`, mend });
}

/** Writes a file as a whole: a reader sees the old content or the new one. */
export const writeWhole = (file: string, content: string | Uint8Array): Promise<void> =>
  openFolder(path.dirname(file)).write((writer) => writer.replace(path.basename(file), content));

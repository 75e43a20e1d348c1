import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Files } from '../format.ts';

/** Writes files to a new directory that is gone after `read`. */
export async function inDirectory<T>(files: Files, read: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'polytask-faults-'));
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await mkdir(join(directory, dirname(name)), { recursive: true });
      await writeFile(join(directory, name), bytes);
    }
    return await read(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export const filesOf = (write: (directory: string) => Promise<unknown>): Promise<Files> =>
  inDirectory({}, async (directory) => {
    await write(directory);
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return Object.fromEntries(
      await Promise.all(files.map(async (file) => [file.slice(directory.length + 1), await readFile(file)] as const)),
    );
  });

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const parquetBytes = (...[options]: Parameters<typeof parquetWriteBuffer>): Uint8Array =>
  new Uint8Array(parquetWriteBuffer(options));

export const jsonBytes = (document: unknown): Uint8Array => bytesOf(JSON.stringify(document, null, 1));

/** Arrays of numbers and all else as text, NaN and the sign of 0 included. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => {
    if (ArrayBuffer.isView(each)) return [...(each as Float64Array)].map(numberText);
    return typeof each === 'number' ? numberText(each) : each;
  });

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

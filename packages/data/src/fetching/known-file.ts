import { fail, type Tasks } from '@polytask/core';
import type { CsvOptions } from '../csv/csv-options.ts';
import { compressionOf, decompress } from '../csv/decode.ts';
import { openSource } from '../csv/open-source.ts';
import { readCsv } from '../csv/read-csv.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { nodeModule } from '../platform/node-module.ts';
import type { Table } from '../table/table.ts';

/** A published file: its name and the sha256 of its exact text, unpacked. */
export interface KnownFile {
  readonly name: string;
  readonly sha256: string;
}

/** How a file may be packed, in the order in which it is looked for. */
export const ENDINGS = ['.gz', '.br', ''] as const;

/** The path of a file in a directory, however it is packed; undefined where it is not there. */
export function findFile(directory: string, { name }: KnownFile): string | undefined {
  const { existsSync } = nodeModule('node:fs', `reading ${name}`);
  const { join } = nodeModule('node:path', `reading ${name}`);
  return ENDINGS.map((ending) => join(directory, name + ending)).find((path) => existsSync(path));
}

/** The path of a published file in a directory, plain or packed. @param byHand how to get it, for the message */
export function requireFile(directory: string, file: KnownFile, byHand: string): string {
  return (
    findFile(directory, file) ??
    fail({
      expected: `${file.name}, plain or as .gz or .br, in ${directory}`,
      received: 'none of them',
      mend: byHand,
    })
  );
}

/** Reads a published file, and checks that its text is the published one unless `verify` is false. */
export async function readKnownFile<T extends Tasks>(
  path: string,
  { sha256 }: KnownFile,
  verify: boolean,
  options: Declaration<T> & CsvOptions,
): Promise<Table<T>> {
  const { bytes } = await openSource(path);
  const text = decompress(bytes, compressionOf(path) ?? 'none', path);
  return readCsv(verify ? checkedBytes(text, sha256, path) : text, { ...options, name: path, compression: 'none' });
}

/** Passes bytes on and, after the last, throws where their sha256 is another. */
export async function* checkedBytes(
  source: AsyncIterable<Uint8Array | string>,
  sha256: string,
  name: string,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  const hash = nodeModule('node:crypto', 'checking a file').createHash('sha256');
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
  const found = hash.digest('hex');
  if (found === sha256) return;
  fail({
    expected: `the text of ${name} to have sha256 ${sha256}`,
    received: found,
    mend: 'It is not the published file, byte for byte: fetch it again, or pass verify: false to use it as it is.',
  });
}

/** In hex. */
export const sha256Of = (bytes: Uint8Array): string =>
  nodeModule('node:crypto', 'checking a file').createHash('sha256').update(bytes).digest('hex');

import { fail, type Tasks } from '@polytask/core';
import type { CsvOptions } from '../../csv/csv-options.ts';
import { compressionOf, decompress } from '../../csv/decode.ts';
import { openSource } from '../../csv/open-source.ts';
import { readCsv } from '../../csv/read-csv.ts';
import type { Declaration } from '../../declarations/declaration.ts';
import { nodeModule } from '../../platform/node-module.ts';
import type { Table } from '../../table/table.ts';

export interface KnownFile {
  readonly name: string;
  readonly sha256: string;
}

/** The endings that a file may have, in the order of the search. */
export const ENDINGS = ['.gz', '.br', ''] as const;

export function findFile(directory: string, { name }: Pick<KnownFile, 'name'>): string | undefined {
  const { existsSync } = nodeModule('node:fs', `reading ${name}`);
  const { join } = nodeModule('node:path', `reading ${name}`);
  return ENDINGS.map((ending) => join(directory, name + ending)).find((path) => existsSync(path));
}

/** @param byHand how to get the file, for the message @throws PolytaskError for a missing file */
export const requireFile = (directory: string, file: Pick<KnownFile, 'name'>, byHand: string): string =>
  findFile(directory, file) ??
  fail({ expected: `${file.name}, plain or as .gz or .br, in ${directory}`, received: 'none of them', fix: byHand });

/** Reads a published CSV file. @throws PolytaskError for another text than the published one, if `verify` */
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

/** Passes bytes on. Throws after the last one, where all have another sha256. */
export async function* checkedBytes(
  source: AsyncIterable<Uint8Array | string>,
  sha256: string,
  name: string,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  const hash = newHash();
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
  const received = hash.digest('hex');
  if (received === sha256) return;
  fail({
    expected: `the text of ${name} to have sha256 ${sha256}`,
    received,
    fix: 'It is not the published file, byte for byte: fetch it again, or pass verify: false to use it as it is.',
  });
}

export const sha256Of = (bytes: Uint8Array): string => newHash().update(bytes).digest('hex');

const newHash = () => nodeModule('node:crypto', 'checking a file').createHash('sha256');

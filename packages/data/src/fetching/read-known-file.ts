import { fail, type Tasks } from '@polytask/core';
import type { CsvOptions } from '../csv/csv-options.ts';
import { compressionOf, decompress } from '../csv/decompress.ts';
import { openSource } from '../csv/open-source.ts';
import { readCsv } from '../csv/read-csv.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';
import { checkedBytes } from './checked-bytes.ts';
import { findFile, type KnownFile } from './known-file.ts';

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

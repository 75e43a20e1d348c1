import { fail } from '@polytask/core';
import type { AsyncBuffer } from 'hyparquet';
import { nodeModule } from '../platform/node-module.ts';
import { nameOf, reasonOf } from '../csv/open-source.ts';
import { parquetDecoder, type ColumnRange, type ParquetFooter } from './decoder.ts';

/** The source of a Parquet file: a path or `file:` URL (in Node), an `http:` URL that answers ranges, a Blob, or bytes. */
export type ParquetSource = string | URL | Blob | ArrayBuffer | Uint8Array;

/** An opened file: its columns, and the rows of its row groups. */
export interface ParquetFile extends ParquetFooter {
  readonly name: string;
  /** @throws PolytaskError when the rows can't be decoded, or are fewer or more than the footer says */
  readColumn(range: ColumnRange): Promise<ArrayLike<unknown>>;
  /** Frees what the decoder holds. A later read takes it again. */
  close(): Promise<void>;
}

/**
 * Reads the footer of a file, so that its columns can be read one by one.
 *
 * @param title the name in errors. Default: the path or the address
 * @throws PolytaskError for a file that can't be read
 * @example
 * const file = await openParquet('predictions.parquet');
 * const ids = await file.readColumn({ column: 'row', ...file.ranges[0] });
 * await file.close();
 */
export async function openParquet(source: ParquetSource, title?: string): Promise<ParquetFile> {
  const name = title ?? nameOf(source, 'the bytes');
  const buffer = await bufferOf(source, name);
  const decoder = parquetDecoder(buffer);
  const asDamage = (error: unknown) => damaged(name, error);
  return {
    name,
    ...(await decoder.call('footer').catch(asDamage)),
    async readColumn(range) {
      const values = await decoder.call('readColumn', range).catch(asDamage);
      const rows = range.rowEnd - range.rowStart;
      if (values.length === rows) return values;
      return asDamage(`column "${range.column}" has ${values.length} of ${rows} rows`);
    },
    close: () => decoder.close(),
  };
}

/** @throws PolytaskError with an error of the decoder as the reason */
function damaged(name: string, error: unknown): never {
  return fail({
    expected: `a whole Parquet file in ${name}`,
    received: `one that can't be read (${reasonOf(error)})`,
    fix: 'Copy it again; a CSV file is read with readCsv.',
  });
}

async function bufferOf(source: ParquetSource, name: string): Promise<AsyncBuffer> {
  if (source instanceof Blob)
    return { byteLength: source.size, slice: (start, end) => source.slice(start, end).arrayBuffer() };
  if (source instanceof ArrayBuffer) return source;
  if (source instanceof Uint8Array) return new Uint8Array(source).buffer;
  const place = String(source);
  if (!/^https?:\/\//.test(place)) return openPath(source, name);
  const { asyncBufferFromUrl } = await import('hyparquet');
  return asyncBufferFromUrl({ url: place }).catch((error: unknown) =>
    fail({
      expected: `a file at ${place}`,
      received: reasonOf(error),
      fix: 'Look at the address, or download the file and pass its path.',
    }),
  );
}

/** Reads parts of a file. Each part opens and closes the file. */
async function openPath(path: string | URL, name: string): Promise<AsyncBuffer> {
  const { promises } = nodeModule('node:fs', 'reading a file by its path');
  const stat = await promises.stat(path).catch(() => undefined);
  if (!stat?.isFile()) {
    return fail({
      expected: `a file that can be read at ${name}`,
      received: stat ? 'a directory' : 'none',
      fix: stat ? 'Name one of the files in it.' : 'Look at the path.',
    });
  }
  const { size } = stat;
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      const handle = await promises.open(path);
      try {
        await handle.read(bytes, 0, bytes.length, start);
      } finally {
        await handle.close();
      }
      return bytes.buffer;
    },
  };
}

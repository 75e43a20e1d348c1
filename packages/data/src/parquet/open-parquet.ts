import { fail } from '@polytask/core';
import type { AsyncBuffer, KeyValue, SchemaTree } from 'hyparquet';
import type { Texts } from '../columns/columns.ts';
import { decoderOf } from '../platform/decoder.ts';
import { nodeModule } from '../platform/node-module.ts';
import { nameOf, reasonOf } from '../csv/open-source.ts';

/** The source of a Parquet file: a path or `file:` URL (in Node), an `http:` URL that answers ranges, a Blob, or bytes. */
export type ParquetSource = string | URL | Blob | ArrayBuffer | Uint8Array;

/** An opened file: its columns, and the rows of its row groups. */
export interface ParquetFile extends ParquetFooter {
  readonly name: string;
  /** @throws PolytaskError when the rows can't be decoded, or are fewer or more than the footer says */
  readStored(range: ColumnRange): Promise<StoredColumn>;
  /** The same as values, with null where a text is missing. */
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
  const readStored = async (range: ColumnRange): Promise<StoredColumn> => {
    const column = await decoder.call('readColumn', range).catch(asDamage);
    const { length } = 'codes' in column ? column.codes : column.values;
    const rows = range.rowEnd - range.rowStart;
    return length === rows ? column : asDamage(`column "${range.column}" has ${length} of ${rows} rows`);
  };
  return {
    name,
    ...(await decoder.call('footer').catch(asDamage)),
    readStored,
    readColumn: async (range) => valuesOf(await readStored(range)),
    close: () => decoder.close(),
  };
}

/** The values of a column, with null where a text is missing. */
export const valuesOf = (column: StoredColumn): ArrayLike<unknown> =>
  'codes' in column ? Array.from(column.codes, (code) => column.dictionary[code] ?? null) : column.values;

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

/** The rows from `rowStart` up to `rowEnd`, exclusive. */
export interface RowRange {
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** Some rows of a column. */
interface ColumnRange extends RowRange {
  readonly column: string;
}

/** The footer of a file: its columns, the rows of its row groups, and the texts that its writer added. */
export interface ParquetFooter {
  readonly columns: readonly SchemaTree[];
  readonly ranges: readonly RowRange[];
  readonly keyValues: readonly KeyValue[];
}

/** The values of some rows of a column. Texts have codes, −1 where they are missing: so they take less time from thread to thread. */
export type StoredColumn = Texts | { readonly values: ArrayLike<unknown> };

interface ParquetCalls {
  readonly footer: () => ParquetFooter;
  readonly readColumn: (range: ColumnRange) => Promise<StoredColumn>;
}

/** Decodes a Parquet file. Loads hyparquet on demand. */
const parquetDecoder = decoderOf({
  packages: ['hyparquet', 'hyparquet-compressors'],
  load: () => Promise.all([import('hyparquet'), import('hyparquet-compressors')]),
  open: async (file, [{ parquetScan, parquetSchema }, { compressors }]): Promise<ParquetCalls> => {
    const { metadata, ranges, readColumn } = await parquetScan({ file, compressors });
    const { children: columns } = parquetSchema(metadata);
    const footer = { columns, ranges, keyValues: metadata.key_value_metadata ?? [] };
    return {
      footer() {
        return footer;
      },
      async readColumn(range) {
        const values = await readColumn(range);
        const codes = new Int32Array(values.length);
        const codeOf = new Map<unknown, number>([
          [null, -1],
          [undefined, -1],
        ]);
        const dictionary: string[] = [];
        for (let row = 0; row < values.length; row++) {
          const value: unknown = values[row];
          let code = codeOf.get(value);
          if (code === undefined) {
            if (typeof value !== 'string') return { values };
            code = dictionary.push(value) - 1;
            codeOf.set(value, code);
          }
          codes[row] = code;
        }
        return { codes, dictionary, transfer: [codes.buffer] };
      },
    };
  },
});

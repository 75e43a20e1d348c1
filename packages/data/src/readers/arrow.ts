import { fail, PolytaskError, type Row } from '@polytask/core';
import { damagedFile, openSource, reasonOf } from '../csv/open-source.ts';
import { decoderOf } from '../platform/decoder.ts';
import type { ReadRows } from './reader.ts';

/** Rows of Apache Arrow files (Feather, version 2) and streams; plain, LZ4 or zstd. Values are those of a Parquet file with the same columns. */
export const arrowRows: ReadRows = async function* (source, spend) {
  const { name, bytes } = await openSource(source);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of bytes) {
    spend(piece.length);
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  }
  const file = new Blob(pieces);
  await checkFormat(file, name);
  try {
    yield* rowsOf(file);
  } catch (error) {
    if (error instanceof PolytaskError) throw error;
    damaged(reasonOf(error), name);
  }
};

/** Files begin and end with this word; streams begin with a marker of four bytes 255. */
const MAGIC = 'ARROW1';

async function checkFormat(file: Blob, name: string): Promise<void> {
  const [start, end] = await Promise.all([file.slice(0, 6).text(), file.slice(-6).text()]);
  if (start === MAGIC) {
    if (end !== MAGIC) damaged('its end is missing', name);
  } else if (file.size < 8 || new Uint8Array(await file.slice(0, 4).arrayBuffer()).some((byte) => byte !== 255)) {
    const isOld = start.startsWith('FEA1');
    fail({
      expected: `an Arrow file or stream in ${name}`,
      received: isOld ? 'Feather, version 1' : 'other bytes',
      fix: isOld ? 'Write it as Feather, version 2.' : 'Look whether the file is the right one.',
    });
  }
}

const damaged = (reason: string, name: string): never =>
  damagedFile('Arrow', name, reason, 'Copy it again, or write it anew.');

/** The rows that are decoded, and sent from the thread, at once. */
const ROWS = 1 << 14;

async function* rowsOf(file: Blob): AsyncGenerator<Row, void, undefined> {
  const decoder = arrowDecoder({ byteLength: file.size, slice: (start, end) => file.slice(start, end).arrayBuffer() });
  try {
    const { names, sizes } = await decoder.call('batches');
    for (const [batch, size] of sizes.entries()) {
      for (let start = 0; start < size; start += ROWS) {
        const end = Math.min(size, start + ROWS);
        const { columns } = await decoder.call('columns', { batch, start, end });
        for (let row = 0; row < end - start; row++) {
          const made: Record<string, unknown> = {};
          names.forEach((name, column) => (made[name] = columns[column]![row]));
          yield made as Row;
        }
      }
    }
  } finally {
    await decoder.close();
  }
}

/** Decodes batches of rows. Loads flechette on demand. */
const arrowDecoder = decoderOf({
  packages: ['@uwdata/flechette', 'hyparquet-compressors', 'lz4js'],
  load: () => Promise.all([import('@uwdata/flechette'), import('hyparquet-compressors'), import('lz4js')]),
  open: async (file, [{ CompressionType, setCompressionCodec, tableFromIPC, Type }, { decompressZstd }, lz4]) => {
    setCompressionCodec(CompressionType.LZ4_FRAME, { encode: lz4.compress, decode: lz4.decompress });
    setCompressionCodec(CompressionType.ZSTD, {
      encode() {
        throw new Error('Arrow is read only');
      },
      decode(bytes, length) {
        return decompressZstd(bytes, new Uint8Array(length));
      },
    });
    const { children, names } = tableFromIPC(await file.slice(0), { useBigInt: true, useDate: true });
    const sizes = children[0]?.data.map(({ length }) => length) ?? [];
    for (const [column, { data }] of children.entries()) {
      for (const [batch, { length, offsets, values }] of data.entries()) {
        // a byte holds eight values of a bit
        if (length !== sizes[batch] || length > 8 * ((offsets ?? values)?.length ?? length))
          throw new Error(`column "${names[column]}" has fewer values than rows`);
      }
    }
    const { FixedSizeList, LargeList, LargeListView, List, ListView } = Type;
    const lists = new Set<number>([FixedSizeList, LargeList, LargeListView, List, ListView]);
    return {
      batches() {
        return { names: names.map(String), sizes };
      },
      columns({ batch, start, end }: { batch: number; start: number; end: number }) {
        const columns = children.map(({ data, type }): ArrayLike<unknown> => {
          const values = data[batch]!.slice(start, end) as ArrayLike<unknown>;
          if (!Array.isArray(values)) return (values as Uint8Array).slice(); // without the buffer of all rows
          return values.map((value: unknown) => {
            if (!ArrayBuffer.isView(value)) return value;
            return lists.has(type.typeId) ? Array.from(value as Uint8Array) : (value as Uint8Array).slice();
          });
        });
        return { columns, transfer: columns.flatMap((each) => (ArrayBuffer.isView(each) ? each.buffer : [])) };
      },
    };
  },
});

import { fail, PolytaskError, type Row } from '@polytask/core';
import { openSource, reasonOf, type FileSource } from '../csv/open-source.ts';

/**
 * Reads Apache Arrow: files (Feather, version 2) and streams; plain, LZ4 or zstd. Values are those of a Parquet file with the same
 * columns: `Date`, `bigint` for 64-bit integers, numbers for decimals, texts for dictionaries of texts.
 *
 * @throws PolytaskError for a file of another format, and for one that is damaged or cut off
 */
export async function* arrowRows(
  source: FileSource,
  spend: (bytes: number) => void,
): AsyncGenerator<Row, void, undefined> {
  const { name, bytes } = await openSource(source);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of bytes) {
    spend(piece.length);
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  }
  const file = new Uint8Array(await new Blob(pieces).arrayBuffer());
  checkFormat(file, name);
  try {
    yield* rowsOf(file);
  } catch (error) {
    if (error instanceof PolytaskError) throw error;
    damaged(reasonOf(error), name);
  }
}

/** Files begin and end with this word; streams begin with a marker of four bytes 255. */
const MAGIC = 'ARROW1';

function checkFormat(file: Uint8Array, name: string): void {
  const word = (bytes: Uint8Array) => String.fromCharCode(...bytes);
  if (word(file.subarray(0, 6)) === MAGIC) {
    if (word(file.subarray(-6)) !== MAGIC) damaged('its end is missing', name);
  } else if (file.length < 8 || file.subarray(0, 4).some((byte) => byte !== 255)) {
    const isOld = word(file.subarray(0, 4)) === 'FEA1';
    fail({
      expected: `an Arrow file or stream in ${name}`,
      received: isOld ? 'Feather, version 1' : 'other bytes',
      mend: isOld ? 'Write it as Feather, version 2.' : 'Look whether the file is the right one.',
    });
  }
}

const damaged = (reason: string, name: string): never =>
  fail({
    expected: `a whole Arrow file in ${name}`,
    received: `one that can't be read (${reason})`,
    mend: 'Copy it again, or write it anew.',
  });

/** Loads the decoder on demand. */
async function* rowsOf(file: Uint8Array): AsyncGenerator<Row, void, undefined> {
  const { CompressionType, setCompressionCodec, tableFromIPC, Type } = await import('@uwdata/flechette');
  const { decompressZstd } = await import('hyparquet-compressors');
  const { decompress } = await import('lz4js');
  const encode = () => fail({ expected: 'a file to read', received: 'one to write', mend: 'Arrow is read only.' });
  setCompressionCodec(CompressionType.LZ4_FRAME, { encode, decode: (bytes, length) => decompress(bytes, length) });
  setCompressionCodec(CompressionType.ZSTD, {
    encode,
    decode: (bytes, length) => decompressZstd(bytes, new Uint8Array(length)),
  });
  const table = tableFromIPC(file, { useBigInt: true, useDate: true });
  const { FixedSizeList, LargeList, LargeListView, List, ListView } = Type;
  const listTypes: readonly number[] = [FixedSizeList, LargeList, LargeListView, List, ListView];
  const lists = table.schema.fields.filter(({ type }) => listTypes.includes(type.typeId)).map((field) => field.name);
  for (const row of table as Iterable<Record<string, unknown>>) {
    for (const list of lists) row[list] &&= Array.from(row[list] as ArrayLike<unknown>); // numbers come in typed arrays
    yield row as Row;
  }
}

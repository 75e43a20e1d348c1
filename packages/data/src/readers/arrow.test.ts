import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as arrow from '@uwdata/flechette';
import { binary, regression, PolytaskError } from '@polytask/core';
import fc from 'fast-check';
import { compressFrame } from 'lz4js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { categorical, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { describeFile } from '../describe/describe.ts';
import { UNLIMITED } from '../limits/read-limits.ts';
import { hurried } from '../platform/hurried.fixture.ts';
import { fromRows } from '../table/from-rows.ts';
import { readerOf } from './readers.ts';

const rows = [
  {
    user: 9_007_199_254_740_993n,
    age: 41,
    state: 'Utah',
    income: true,
    at: new Date('2022-05-01'),
    price: 1.25,
    tags: ['a', 'b'],
    x: [1, 2],
  },
  { user: 2n, age: null, state: null, income: false, at: new Date('2022-05-02'), price: null, tags: [], x: [3, 4] },
  { user: 2n, age: 17.5, state: 'Utah', income: null, at: new Date(0), price: -3, tags: ['b'], x: [5, 6.5] },
];
const declaration = {
  features: {
    age: numeric(),
    state: categorical(),
    user: categorical(),
    price: numeric(),
    tags: multiValued(),
    x: vector({ width: 2 }),
  },
  tasks: { income: binary(), at: regression() },
};
const expected = fromRows(
  rows.map((row) => ({ ...row, user: String(row.user), at: row.at.getTime() })),
  declaration,
);

const TYPES = {
  user: arrow.int64(),
  age: arrow.float64(),
  state: arrow.dictionary(arrow.utf8()),
  income: arrow.bool(),
  at: arrow.timestamp(),
  price: arrow.decimal(10, 2),
  tags: arrow.list(arrow.utf8()),
  x: arrow.fixedSizeList(arrow.float32(), 2),
};

const columnsOf = (all: typeof rows) =>
  Object.fromEntries(Object.keys(TYPES).map((name) => [name, all.map((row) => row[name as keyof typeof row])]));

const ipc = (table: arrow.Table, options: object) => arrow.tableToIPC(table, options) as Uint8Array<ArrayBuffer>;

/** A file or a stream, in batches of two rows. */
const bytesOf = (format: 'file' | 'stream') =>
  ipc(arrow.tableFromArrays(columnsOf(rows), { types: TYPES, maxBatchRows: 2 }), { format });

function lz4(bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(bytes.length + 100);
  return frame.slice(0, compressFrame(bytes, frame));
}

/** A frame with one block of a repeated byte, for buffers of less than 256. Others stay as they are, as they get longer. */
const zstd = (bytes: Uint8Array): Uint8Array =>
  bytes.length > 255 || bytes.some((byte) => byte !== bytes[0])
    ? new Uint8Array(bytes.length)
    : Uint8Array.of(
        0x28,
        0xb5,
        0x2f,
        0xfd,
        0x20,
        bytes.length,
        (bytes.length << 3) | 3,
        bytes.length >> 5,
        0,
        bytes[0]!,
      );

const read = (source: string | Blob, features: object = declaration.features) =>
  readerOf('a.arrow').read(UNLIMITED, source, { features, tasks: declaration.tasks } as never);

describe('Arrow', () => {
  let directory: string;
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'polytask-arrow-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(['file', 'stream'] as const)('gives the table that the same rows give as objects: a %s', async (format) => {
    const path = join(directory, `rows-${format}.feather`);
    writeFileSync(path, bytesOf(format));
    for (const source of [path, new Blob([bytesOf(format)])])
      expect((await read(source)).columns).toEqual(expected.columns);
    expect((await read(path)).columns.texts['user']!.dictionary).toEqual(['9007199254740993', '2']); // all digits
    expect((await read(path)).where(2)).toBe(`${path}, row 2`);
  });

  it.each([
    ['LZ4', arrow.CompressionType.LZ4_FRAME, lz4],
    ['zstd', arrow.CompressionType.ZSTD, zstd],
  ])('reads buffers that are packed by %s', async (_, codec, encode) => {
    arrow.setCompressionCodec(codec, { encode, decode: (bytes) => bytes });
    const sevens = new Int8Array(192).fill(7);
    const table = arrow.tableFromArrays({ age: sevens, at: sevens, income: sevens });
    const packed = ipc(table, { format: 'file', codec });
    expect(packed.length).toBeLessThan(ipc(table, { format: 'file' }).length);
    const { columns } = await read(new Blob([packed]), { age: numeric() });
    expect(columns.numbers).toEqual({ age: Float64Array.from(sevens), at: Float64Array.from(sevens) });
  });

  it('gives the rows of a large batch in their order', async () => {
    const numbers = Array.from({ length: 17_000 }, (_, i) => i);
    const [texts, lists] = [numbers.map((i) => (i % 3 ? `${i}` : null)), numbers.map((i) => [i, i / 2])];
    const arrays = { age: Int32Array.from(numbers), state: texts, x: lists, at: numbers, income: texts.map(Boolean) };
    const types = { age: arrow.int32(), state: arrow.utf8(), x: TYPES.x, at: arrow.float64(), income: TYPES.income };
    const features = { age: numeric(), state: categorical(), x: vector({ width: 2 }) };
    const table = arrow.tableFromArrays(arrays, { types });
    const large = numbers.map((i) => ({ age: i, state: texts[i]!, x: lists[i]!, at: i, income: texts[i] !== null }));
    const { columns } = await read(new Blob([ipc(table, { format: 'file' })]), features);
    const ofRows = fromRows(large, { ...declaration, features }).columns;
    expect(isDeepStrictEqual(columns, ofRows)).toBe(true); // toEqual is slow
  });

  it('is decoded in this thread where there are no others', async () => {
    const real = process.getBuiltinModule;
    const modules = vi
      .spyOn(process, 'getBuiltinModule')
      .mockImplementation((name) => (name === 'node:module' ? undefined : real(name)) as never);
    const { columns } = await read(new Blob([bytesOf('file')]));
    expect(columns).toEqual(expected.columns);
    expect(modules).toHaveBeenCalledWith('node:module');
    modules.mockRestore();
  });

  it('is described by the types of its columns', async () => {
    const path = join(directory, 'described.arrow');
    writeFileSync(path, bytesOf('file'));
    const { columns, sample } = await describeFile(path, { tasks: ['income'] });
    expect(sample).toMatchObject({ rows: 3, total: 3 });
    expect(columns.map(({ name }) => name)).toEqual(Object.keys(TYPES));
  });

  it('says what is wrong, and where', async () => {
    await expect(read(new Blob([bytesOf('file')]), { user: numeric() })).rejects.toThrow(
      'row 0, column "user", received 9007199254740993',
    );
    await expect(read(new Blob([bytesOf('file')]), { agee: numeric() })).rejects.toThrow('Did you mean "age"?');
    await expect(read(new Blob(['age,state\n1,a\n']))).rejects.toThrow(
      'an Arrow file or stream in the Blob, received other',
    );
    await expect(read(new Blob(['FEA1....']))).rejects.toThrow('received Feather, version 1');
    await expect(read(new Blob([bytesOf('file').subarray(0, 900)]))).rejects.toThrow('its end is missing');
  });

  it('refuses damaged bytes with an error of ours', async () => {
    const whole = bytesOf('file');
    const change = fc.tuple(fc.integer({ min: 6, max: whole.length - 7 }), fc.integer({ min: 0, max: 255 }));
    const damage = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      await read(new Blob([bytes])).catch((error: unknown) => expect(error).toBeInstanceOf(PolytaskError));
    });
    await hurried(() => fc.assert(damage, { numRuns: 50, endOnFailure: true })); // some keep the decoder busy for ever
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { binary, regression } from '@polytask/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { categorical, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { parquetStream } from '../streams/table-stream.ts';
import { readParquet } from './read-parquet.ts';

const rows = [
  {
    user: 9_007_199_254_740_993n,
    age: 41,
    state: 'Utah',
    income: true,
    at: new Date('2022-05-01T00:00:00Z'),
    tags: ['a', 'b'],
  },
  { user: 2n, age: null, state: null, income: false, at: new Date('2022-05-02T00:00:00Z'), tags: [] },
  { user: 2n, age: 17.5, state: 'Utah', income: null, at: new Date(0), tags: ['b'] },
];
const column = (name: keyof (typeof rows)[number]) => rows.map((row) => row[name]);

const file = (options: object = {}): ArrayBuffer =>
  parquetWriteBuffer({
    columnData: [
      { name: 'user', data: column('user') as bigint[], type: 'INT64' },
      { name: 'age', data: column('age') as number[], type: 'DOUBLE', nullable: true },
      { name: 'state', data: column('state') as string[], type: 'STRING', nullable: true },
      { name: 'income', data: column('income') as boolean[], type: 'BOOLEAN', nullable: true },
      { name: 'at', data: column('at') as Date[], type: 'TIMESTAMP' },
    ],
    ...options,
  });

const declaration = {
  features: { age: numeric(), state: categorical(), user: categorical() },
  tasks: { income: binary(), at: regression() },
};
const expected = fromRows(
  rows.map((row) => ({ ...row, user: String(row.user), at: row.at.getTime() })),
  declaration,
);

/** A file with a nested column and one of lists, as their schema says it. */
const nested = (): ArrayBuffer =>
  parquetWriteBuffer({
    columnData: [
      { name: 'tags', data: column('tags') as string[][] },
      { name: 'box', data: rows.map(({ age }) => ({ age })) },
      { name: 'y', data: [1, 0, 1] },
    ],
    schema: [
      { name: 'root', num_children: 3 },
      { name: 'tags', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      { name: 'box', repetition_type: 'OPTIONAL', num_children: 1 },
      { name: 'age', repetition_type: 'OPTIONAL', type: 'DOUBLE' },
      { name: 'y', repetition_type: 'REQUIRED', type: 'INT32' },
    ],
  });

describe('readParquet', () => {
  let directory: string;
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'polytask-parquet-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('gives the table that the same rows give as objects', async () => {
    const table = await readParquet(file(), declaration);
    expect(table.size).toBe(3);
    expect(table.columns).toEqual(expected.columns);
    expect(table.columns.texts['user']!.dictionary).toEqual(['9007199254740993', '2']); // all digits
    const schema = fitSchema(table);
    expect(encode(table, schema).arrays).toEqual(encode(expected, schema).arrays);
  });

  it.each([
    ['plain', { codec: 'UNCOMPRESSED' }],
    ['snappy', { codec: 'SNAPPY' }],
    ['gzip', { codec: 'GZIP', compressors: { GZIP: gzipSync } }],
    ['brotli', { codec: 'BROTLI', compressors: { BROTLI: brotliCompressSync } }],
    ['row groups of one row', { rowGroupSize: 1 }],
  ])('reads it from a path, a URL and a Blob: %s', async (_, options) => {
    const path = join(directory, 'people.parquet');
    const bytes = file(options);
    writeFileSync(path, new Uint8Array(bytes));
    for (const source of [path, pathToFileURL(path), new Blob([bytes]), new Uint8Array(bytes)]) {
      expect((await readParquet(source, declaration)).columns).toEqual(expected.columns);
    }
    expect((await readParquet(path, declaration)).where(2)).toBe(`${path}, row 2`);
  });

  it('reads lists where lists are wanted, and refuses what is nested', async () => {
    const tags = { tags: multiValued() };
    const table = await readParquet(nested(), { features: tags, tasks: { y: binary() } });
    const same = fromRows(
      rows.map((row, i) => ({ tags: row.tags, y: 1 - (i % 2) })),
      { features: tags, tasks: { y: binary() } },
    );
    expect(table.columns).toEqual(same.columns);
    const read = (features: object) =>
      readParquet(nested(), { features: features as typeof tags, tasks: {}, name: 'n.parquet' });
    await expect(read({ tags: categorical() })).rejects.toThrow(
      'Expected a column "tags" of single values in n.parquet, received a list in each row. Declare it multiValued(), ' +
        'idSequence() or vector({ width }), or the task multiLabel().',
    );
    await expect(read({ box: numeric() })).rejects.toThrow(
      'received a nested column. Write its parts as columns of their own.',
    );
    await expect(read({ tags: vector({ width: 2 }) })).rejects.toThrow('n.parquet, row 0, column "tags"');
  });

  it('says what is wrong, and where', async () => {
    const read = (features: object, source: Parameters<typeof readParquet>[0] = file()) =>
      readParquet(source, { features: features as { age: ReturnType<typeof numeric> }, tasks: {}, name: 'p.parquet' });
    await expect(read({ agee: numeric() })).rejects.toThrow(
      'Expected column "agee" in p.parquet, received 5 other columns. Did you mean "age"?',
    );
    await expect(read({ state: numeric() })).rejects.toThrow(
      'Expected a number in p.parquet, row 0, column "state", received "Utah"',
    );
    await expect(read({ user: numeric() })).rejects.toThrow('row 0, column "user", received 9007199254740993'); // no double has it
    await expect(read({ age: numeric() }, new Uint8Array(20))).rejects.toThrow(
      /a whole Parquet file in p\.parquet, received .*PAR1/,
    );
    await expect(read({ age: numeric() }, join(directory, 'none.parquet'))).rejects.toThrow(
      /a file that can be read at .*none\.parquet, received none\./,
    );
    await expect(read({ age: numeric() }, directory)).rejects.toThrow('received a directory');
    const empty = parquetWriteBuffer({ columnData: [{ name: 'age', data: [], type: 'DOUBLE' }] });
    await expect(read({ age: numeric() }, empty)).rejects.toThrow('at least one row in p.parquet, received none');
  });
});

describe('parquetStream', () => {
  it('gives the rows of the files in pieces no larger than asked, and knows how many they are', async () => {
    const stream = await parquetStream([file(), file({ rowGroupSize: 1 })], { ...declaration, chunkRows: 2 });
    expect(stream.size).toBe(6);
    for (let pass = 0; pass < 2; pass++) {
      const ages: number[] = [];
      const sizes: number[] = [];
      for await (const table of stream.tables()) {
        sizes.push(table.size);
        ages.push(...table.columns.numbers['age']!);
      }
      expect(sizes).toEqual([2, 1, 1, 1, 1]);
      expect(ages).toEqual([41, NaN, 17.5, 41, NaN, 17.5]);
    }
  });
});

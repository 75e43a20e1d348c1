import { binary } from '@polytask/core';
import { categorical, numeric, readParquet, multiValued, readCsv } from '@polytask/data';
import type { FaultFormat } from '../format.ts';
import { textOf, bytesOf, parquetBytes } from './temporary-files.ts';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const lines = Array.from({ length: 40 }, (_, i) => `${i / 4},"town, ${i % 3}",a|b${i % 5},${i % 2}\n`);
const TEXT = `age,town,tags,bought\n${lines.join('')}`;

const declaration = {
  features: { age: numeric(), town: categorical(), tags: multiValued({ separator: '|' }) },
  tasks: { bought: binary() },
};

const csvFormat = (name: string, pack: (bytes: Uint8Array) => Uint8Array): FaultFormat => ({
  name,
  example: async () => ({ [name]: pack(bytesOf(TEXT)) }),
  async load(files) {
    const file = new File([files[name] as Uint8Array<ArrayBuffer>], `rows.${name}`);
    const { size, columns } = await readCsv(file, declaration);
    return textOf([size, columns]);
  },
});

const csv = csvFormat('csv', (bytes) => bytes);
/** gzip has a checksum of the text. Bytes of its header, such as the time, say nothing. */
const csvGzip: FaultFormat = { ...csvFormat('csv.gz', (bytes) => gzipSync(bytes)), sealed: true };
const csvBrotli = csvFormat('csv.br', (bytes) => brotliCompressSync(bytes));

const numbers = Array.from({ length: 120 }, (_, i) => i);

const parquet: FaultFormat = {
  name: 'parquet',
  example: async () => ({
    'rows.parquet': parquetBytes({
      rowGroupSize: 60,
      columnData: [
        { name: 'age', data: numbers.map((i) => (i % 7 === 0 ? null : i / 3)), type: 'DOUBLE', nullable: true },
        { name: 'town', data: numbers.map((i) => `town ${i % 9}`), type: 'STRING' },
        { name: 'id', data: numbers.map((i) => BigInt(i * 37)), type: 'INT64' },
        { name: 'bought', data: numbers.map((i) => i % 2 === 0), type: 'BOOLEAN' },
      ],
    }),
  }),
  async load(files) {
    const { size, columns } = await readParquet(files['rows.parquet']!, {
      features: { age: numeric(), town: categorical(), id: categorical() },
      tasks: { bought: binary() },
    });
    return textOf([size, columns]);
  },
};

export const tables = [csv, csvGzip, csvBrotli, parquet];

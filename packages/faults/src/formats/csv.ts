import { brotliCompressSync, gzipSync } from 'node:zlib';
import { binary } from '@polytask/core';
import { categorical, multiValued, numeric, readCsv } from '@polytask/data';
import type { FaultFormat } from '../format.ts';
import { bytesOf, textOf } from './temporary-files.ts';

const lines = Array.from({ length: 40 }, (_, i) => `${i / 4},"town, ${i % 3}",a|b${i % 5},${i % 2}\n`);
const TEXT = `age,town,tags,bought\n${lines.join('')}`;

const declaration = {
  features: { age: numeric(), town: categorical(), tags: multiValued({ separator: '|' }) },
  tasks: { bought: binary() },
};

const csvFormat = (
  name: string,
  ending: string,
  sealed: boolean,
  pack: (bytes: Uint8Array) => Uint8Array,
): FaultFormat => {
  const file = `rows.csv${ending}`;
  return {
    name,
    sealed,
    example: async () => ({ [file]: pack(bytesOf(TEXT)) }),
    async load(files) {
      const { size, columns } = await readCsv(new File([files[file] as Uint8Array<ArrayBuffer>], file), declaration);
      return textOf([size, columns]);
    },
  };
};

export const csv = csvFormat('csv', '', false, (bytes) => bytes);
/** gzip has a checksum of the text. Bytes of its header, such as the time, say nothing. */
export const csvGzip = csvFormat('csv.gz', '.gz', true, (bytes) => gzipSync(bytes));
export const csvBrotli = csvFormat('csv.br', '.br', false, (bytes) => brotliCompressSync(bytes));

import { binary } from '@polytask/core';
import { categorical, numeric, readParquet } from '@polytask/data';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { FaultFormat } from '../format.ts';
import { textOf } from './temporary-files.ts';

const numbers = Array.from({ length: 120 }, (_, i) => i);

export const parquet: FaultFormat = {
  name: 'parquet',
  sealed: false,
  example: async () => ({
    'rows.parquet': new Uint8Array(
      parquetWriteBuffer({
        rowGroupSize: 60,
        columnData: [
          { name: 'age', data: numbers.map((i) => (i % 7 === 0 ? null : i / 3)), type: 'DOUBLE', nullable: true },
          { name: 'town', data: numbers.map((i) => `town ${i % 9}`), type: 'STRING' },
          { name: 'id', data: numbers.map((i) => BigInt(i * 37)), type: 'INT64' },
          { name: 'bought', data: numbers.map((i) => i % 2 === 0), type: 'BOOLEAN' },
        ],
      }),
    ),
  }),
  async load(files) {
    const { size, columns } = await readParquet(files['rows.parquet']!, {
      features: { age: numeric(), town: categorical(), id: categorical() },
      tasks: { bought: binary() },
    });
    return textOf([size, columns]);
  },
};

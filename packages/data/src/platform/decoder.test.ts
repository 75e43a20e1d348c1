import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { numeric } from '../declarations/kinds.ts';
import { readParquet } from '../parquet/read-parquet.ts';
import { hurried } from './hurried.fixture.ts';

const declared = { features: { x: numeric() }, tasks: {} };
const whole = () =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        {
          name: 'x',
          data: Array.from({ length: 40 }, (_, i) => (i % 7 === 0 ? null : i)),
          type: 'DOUBLE',
          nullable: true,
        },
      ],
    }),
  );

it('ends a decoder that never returns, and reads the next file', async () => {
  const damaged = whole();
  damaged.fill(0, 13, 21); // in the header of a page
  await expect(hurried(() => readParquet(damaged, declared))).rejects.toThrow(
    `Expected a whole Parquet file in the bytes, received one that can't be read ("it can't`,
  );
  expect((await readParquet(whole(), declared)).size).toBe(40);
});

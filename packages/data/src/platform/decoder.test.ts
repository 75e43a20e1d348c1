import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, expect, it, vi } from 'vitest';
import { numeric } from '../declarations/kinds.ts';
import { readParquet } from '../parquet/read-parquet.ts';

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

afterEach(() => void vi.useRealTimers());

it('ends a decoder that never returns, and reads the next file', async () => {
  const damaged = whole();
  damaged.fill(0, 13, 21); // in the header of a page
  const sleep = setTimeout;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const outcome = readParquet(damaged, declared).catch(String);
  let settled = false;
  void outcome.finally(() => (settled = true));
  while (!settled) {
    await new Promise((resolve) => sleep(resolve, 100));
    vi.advanceTimersByTime(1000); // the decoder is allowed 7 s: 0.7 s of the test
  }
  expect(await outcome).toContain(
    `Expected a whole Parquet file in the bytes, received one that can't be read ("it can't`,
  );
  vi.useRealTimers();
  expect((await readParquet(whole(), declared)).size).toBe(40);
});

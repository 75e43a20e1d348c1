import { binary } from '@polytask/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { numeric } from '../declarations/kinds.ts';
import { readParquet } from '../parquet/read-parquet.ts';
import type { ReadLimits } from './read-limits.ts';

const declared = { features: { x: numeric() }, tasks: { y: binary() } };
const text = `x,y,unread\n${'1,0,0\n'.repeat(100)}`;
const parquet = parquetWriteBuffer({
  columnData: [
    { name: 'x', data: Array.from({ length: 100 }, (_, i) => i) },
    { name: 'y', data: Array.from({ length: 100 }, (_, i) => i % 2) },
  ],
});

const exact: ReadLimits = { rows: 100, cells: 200, bytes: text.length };

it('takes what is at the limit', async () => {
  expect(parseCsv(text, { ...declared, limits: exact }).size).toBe(100);
  expect((await readParquet(parquet, { ...declared, limits: exact })).size).toBe(100);
});

it.each(['rows', 'cells', 'bytes'] as const)('refuses more %s, and says the limit and the options', async (unit) => {
  const most = exact[unit]! - 1;
  const limits = { ...exact, [unit]: most };
  const message = `Expected at most ${most} ${unit} up to the end of`;
  const fix = `raise the limit: limits: { ${unit}: ${10 * most} }, or --max-${unit} ${10 * most} for the command`;
  expect(() => parseCsv(text, { ...declared, limits })).toThrow(message);
  expect(() => parseCsv(text, { ...declared, limits })).toThrow(fix);
  if (unit !== 'bytes') await expect(readParquet(parquet, { ...declared, limits })).rejects.toThrow(message);
});

it('refuses an option that nothing reads, and a limit that is none', () => {
  expect(() => parseCsv(text, { ...declared, limits: { row: 1 } as ReadLimits })).toThrow('Did you mean "rows"?');
  expect(() => parseCsv(text, { ...declared, limits: { rows: 0 } })).toThrow('a whole number of 1 or more');
});

import { expect, it } from 'vitest';
import { rowSampler } from './row-sampler.ts';

/** A sample of the numbers from 0 to n − 1. */
function sampleOf(n: number, size: { rows: number; weight?: number }, weightOf: (row: number) => number = () => 1) {
  const sampler = rowSampler<number>({ weight: Infinity, ...size }, (row) => row);
  for (let row = 0; row < n; row++) sampler.add(row, weightOf(row));
  return sampler.finish();
}

it('takes all rows of a table with fewer, in their order', () => {
  expect(sampleOf(5, { rows: 5 })).toEqual([0, 1, 2, 3, 4]);
  expect(sampleOf(0, { rows: 5 })).toEqual([]);
});

it('takes rows from all of a table: of 1000 tenths, each is as likely as the others', () => {
  const rows = sampleOf(100_000, { rows: 10_000 });
  expect(rows).toHaveLength(10_000);
  expect(rows).toEqual([...rows].sort((a, b) => a - b));
  const tenths = Array.from({ length: 10 }, (_, t) => rows.filter((row) => Math.floor(row / 10_000) === t).length);
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(900)); // binomial: √(10,000 · .1 · .9)
  expect(sampleOf(100_000, { rows: 10_000 })).toEqual(rows);
});

it('stays within the weight, and takes a single row that is heavier', () => {
  const rows = sampleOf(10_000, { rows: 1000, weight: 3000 }, () => 10);
  expect(rows).toHaveLength(300);
  expect(rows.at(-1)! - rows[0]!).toBeGreaterThan(9500);
  expect(sampleOf(3, { rows: 9, weight: 5 }, () => 100)).toHaveLength(1);
});

import { isMissing, type CheckedColumn } from '../columns.ts';
import type { Bins } from './bins.ts';

/** From how many rows quantiles are taken, as in LightGBM and scikit-learn. */
const SAMPLE = 200_000;

/**
 * Chooses the bins of a column. Numbers with at most `maxBin` distinct values have one bin for each, and other numbers
 * have bins of about equally many rows. Of the categories, the `maxBin` most frequent ones have a bin.
 */
export const fitBins = (column: CheckedColumn, maxBin: number): Bins =>
  'numbers' in column
    ? { name: column.name, thresholds: thresholdsOf(sortedSample(column.numbers), maxBin) }
    : { name: column.name, categories: frequentOf(column.categories, maxBin) };

/** The values that aren't missing, ascending. Of a long column, one value from each of as many stretches of rows. */
function sortedSample(numbers: ArrayLike<number | null>): Float64Array {
  const rows = Math.min(numbers.length, SAMPLE);
  const sample = new Float64Array(rows);
  let count = 0;
  for (let i = 0, random = 1; i < rows; i++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0; // breaks periods of the table; the same for every table
    const share = rows === numbers.length ? 0 : random / 2 ** 32;
    const value = numbers[Math.floor(((i + share) * numbers.length) / rows)];
    if (!isMissing(value)) sample[count++] = value;
  }
  return sample.subarray(0, count).sort();
}

function thresholdsOf(sorted: Float64Array, maxBin: number): Float64Array {
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const thresholds: number[] = [];
  if (distinct.length <= maxBin) {
    for (let i = 1; i < distinct.length; i++) thresholds.push(between(distinct[i - 1]!, distinct[i]!));
  } else {
    for (let i = 1, next = 0; i < maxBin; i++) {
      const place = (i * (sorted.length - 1)) / maxBin;
      const low = sorted[Math.floor(place)]!;
      while (next < distinct.length && distinct[next]! <= low) next++;
      if (next === distinct.length) break; // all values from here on are the same
      // Between two values, so that rounding the values elsewhere doesn't move them to another bin.
      const threshold = between(low, distinct[next]!);
      if (threshold !== thresholds.at(-1)) thresholds.push(threshold);
    }
  }
  return Float64Array.from(thresholds);
}

/** A finite number from `low` on and below `high`, if they differ. Half is taken first, because a sum could be infinite. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  const inside = middle >= low && middle < high ? middle : low;
  return Math.min(Math.max(inside, -Number.MAX_VALUE), Number.MAX_VALUE);
}

function frequentOf(values: ArrayLike<number | string | null>, maxBin: number): (number | string)[] {
  const counts = new Map<number | string, number>();
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (isMissing(value) || (typeof value === 'number' && value < 0)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const byName = (a: number | string, b: number | string) => (a < b ? -1 : 1);
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || byName(a, b))
    .slice(0, maxBin)
    .map(([value]) => value)
    .sort(byName);
}

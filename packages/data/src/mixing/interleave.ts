import { sum } from '@polytask/components';
import { emptyBatch, fail, layoutOf, arraysOf, type Batch, type RandomStream, type Schema } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';

/**
 * How often a mixture draws from each table: in proportion to its rows, equally often, or in between. A temperature T gives
 * p ∝ n^(1/T) for n rows (Arivazhagan et al. 2019, mT5 and others). T = 1 is `proportional`, T → ∞ is `equal`.
 */
export type MixRatio = 'proportional' | 'equal' | { readonly temperature: number };

/**
 * Computes the share of each table in a mixture.
 *
 * @param sizes the number of rows of each table
 * @returns probabilities, in the order of the sizes
 * @throws PolytaskError for an unknown ratio, and for a temperature below 1
 * @example mixShares([900, 100], { temperature: 2 }) // [0.75, 0.25]: √900 and √100
 */
export function mixShares(sizes: readonly number[], ratio: MixRatio): number[] {
  const temperature = ratio === 'proportional' ? 1 : ratio === 'equal' ? Infinity : ratio?.temperature;
  if (typeof temperature !== 'number' || !(temperature >= 1)) {
    fail({
      expected: "'proportional', 'equal' or { temperature } of 1 or more as the ratio of a mixture",
      received: JSON.stringify(ratio) ?? 'nothing',
      fix: 'Pass { ratio: { temperature: 2 } }.',
    });
  }
  const powers = sizes.map((size) => size ** (1 / temperature));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

/**
 * Computes the number of rows of each source in an epoch. Shares are rounded down, and the sources with the largest remainders
 * get a row more (Hamilton's method; of equal remainders the first).
 *
 * @example wholeRows([0.75, 0.25], 1001) // [751, 250]: 750.75 and 250.25
 */
export function wholeRows(shares: readonly number[], rows: number): number[] {
  const exact = shares.map((share) => share * rows);
  const counts = exact.map(Math.floor);
  const left = rows - sum(counts);
  const remainder = (t: number) => exact[t]! - counts[t]!;
  const byRemainder = [...exact.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const t of byRemainder.slice(0, left)) counts[t]!++;
  return counts;
}

/**
 * Gives the source of each row of an epoch, in pieces. Every order of the rows is equally likely: a source is drawn with its
 * share of the rows that are left, as from an urn.
 *
 * @param counts rows of each source
 * @param most rows of a piece
 */
export function* interleaved(
  counts: readonly number[],
  random: RandomStream,
  most: number,
): Generator<Uint32Array, void, undefined> {
  const left = [...counts];
  let total = sum(counts);
  while (total > 0) {
    const draws = random.uniform(Math.min(most, total));
    yield Uint32Array.from(draws, (draw) => {
      let at = Math.min(Math.floor(draw * total), total - 1); // rounding to a float32 may give 1
      let t = 0;
      while (at >= left[t]!) at -= left[t++]!;
      left[t]!--;
      total--;
      return t;
    });
  }
}

export const PIECE = 4096;

/** The indices of each source's rows in a batch. @param sources the source of each row */
export function indicesBySource(sources: ArrayLike<number>, count: number): number[][] {
  const indices = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < sources.length; i++) indices[sources[i]!]!.push(i);
  return indices;
}

/** Whether a mixture has groups: those of its sources that declare their column. */
export const isGrouped = (sources: Readonly<Record<string, Declaration>>): boolean =>
  Object.values(sources).some(({ groups }) => groups !== undefined);

/** A batch of zeros, in which no row has a label or a group. @param grouped whether the rows get groups */
export const blankRows = (schema: Schema, size: number, grouped: boolean): Batch => ({
  ...emptyBatch(size, layoutOf(schema), Object.keys(schema.tasks)),
  ...(grouped && { groups: new Int32Array(size).fill(-1) }),
});

/**
 * Copies rows into another batch of the same schema. Rows of a source without groups stay without.
 *
 * @param rows their indices in `source`
 * @param indices their indices in `target`
 */
export function copyRows(source: Batch, rows: ArrayLike<number>, target: Batch, indices: ArrayLike<number>): void {
  for (const { width, of } of arraysOf(target)) {
    const [from, to] = [of(source), of(target)!];
    if (!from) continue;
    for (let i = 0; i < indices.length; i++) {
      for (let c = 0; c < width; c++) to[indices[i]! * width + c] = from[rows[i]! * width + c]!;
    }
  }
}

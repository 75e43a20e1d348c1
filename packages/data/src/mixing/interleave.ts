import { custom, number, optional, sum, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { emptyBatch, fail, layoutOf, type Batch, type RandomStream, type Schema, arraysOf } from '@polytask/core';
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

export const mixOptions = {
  /** How often each table is drawn from. */
  ratio: optional(
    custom<MixRatio>((value) => void mixShares([1], value as MixRatio)),
    'proportional',
  ),
  /** Rows of an epoch. Default: the sum of all tables' rows. */
  rows: optional(wholeNumber(1)),
  /** Of the draws. */
  seed: optional(number({ whole: true }), 0),
};

export interface MixOptions extends Written<typeof mixOptions>, FromDescription {}

/** The rows of each source in an epoch: shares rounded down, and one more for the largest remainders (Hamilton's method). */
export function wholeRows(shares: readonly number[], rows: number): number[] {
  const exact = shares.map((share) => share * rows);
  const counts = exact.map(Math.floor);
  const left = rows - sum(counts);
  const remainder = (t: number) => exact[t]! - counts[t]!;
  const byRemainder = [...exact.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const t of byRemainder.slice(0, left)) counts[t]!++;
  return counts;
}

/** The source of each row of an epoch, in pieces of `most` rows. Every order is equally likely, as from an urn with `counts`. */
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

/**
 * A batch of the next rows of several sources, without labels and groups where a source has none.
 *
 * @param sources the source of each row
 * @param take copies the next rows of a source to these indices of the batch
 */
export async function mixedRows(
  schema: Schema,
  tables: Readonly<Record<string, Declaration>>,
  sources: Uint32Array,
  take: (source: number, indices: readonly number[], batch: Batch) => void | Promise<void>,
): Promise<Batch> {
  const { length } = sources;
  const batch = {
    ...emptyBatch(length, layoutOf(schema), Object.keys(schema.tasks)),
    ...(isGrouped(tables) && { groups: new Int32Array(length).fill(-1) }),
  };
  const indices = Object.keys(tables).map((): number[] => []);
  sources.forEach((source, i) => indices[source]!.push(i));
  for (const [source, own] of indices.entries()) await take(source, own, batch);
  return batch;
}

/** Whether a mixture has groups: those of its tables that declare their column. */
export const isGrouped = (tables: Readonly<Record<string, Declaration>>): boolean =>
  Object.values(tables).some(({ groups }) => groups !== undefined);

/** Copies rows into `indices` of another batch of the same schema. Rows of a source without groups stay without. */
export function copyRows(source: Batch, rows: ArrayLike<number>, target: Batch, indices: ArrayLike<number>): void {
  for (const { width, of } of arraysOf(target)) {
    const [from, to] = [of(source), of(target)!];
    if (!from) continue;
    for (let i = 0; i < indices.length; i++) {
      for (let c = 0; c < width; c++) to[indices[i]! * width + c] = from[rows[i]! * width + c]!;
    }
  }
}

import { fail, arraysOf, emptyBatch, layoutOf, type RandomStream, type Batch, type Schema } from '@polytask/core';

/**
 * How often each table is drawn from: as often as it has rows, all equally often, or in between, p ∝ n^(1/T) (T = 1 is
 * `proportional`, T → ∞ is `equal`; Arivazhagan et al. 2019, mT5 and others).
 */
export type MixRatio = 'proportional' | 'equal' | { readonly temperature: number };

/**
 * The share of each table in a mixture.
 *
 * @param sizes rows of each table
 * @returns probabilities, in the order of the sizes
 * @throws PolytaskError where the ratio is none
 * @example mixShares([900, 100], { temperature: 2 }) // [0.75, 0.25]: √900 and √100
 */
export function mixShares(sizes: readonly number[], ratio: MixRatio): number[] {
  const temperature = ratio === 'proportional' ? 1 : ratio === 'equal' ? Infinity : ratio?.temperature;
  if (typeof temperature !== 'number' || !(temperature >= 1)) {
    fail({
      expected: "'proportional', 'equal' or { temperature } of 1 or more as the ratio of a mixture",
      received: JSON.stringify(ratio) ?? 'nothing',
      mend: 'Pass { ratio: { temperature: 2 } }.',
    });
  }
  const powers = sizes.map((size) => size ** (1 / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/**
 * Rows of each source in an epoch: its share of them rounded down, and a row more for those that lose most by that
 * (Hamilton's largest remainders; the first of equals).
 *
 * @example wholeRows([0.75, 0.25], 1001) // [751, 250]: 750.75 and 250.25
 */
export function wholeRows(shares: readonly number[], rows: number): number[] {
  const exact = shares.map((share) => share * rows);
  const counts = exact.map(Math.floor);
  const left = rows - counts.reduce((sum, count) => sum + count, 0);
  const byLoss = exact.map((_, t) => t).sort((a, b) => exact[b]! - counts[b]! - (exact[a]! - counts[a]!) || a - b);
  for (const t of byLoss.slice(0, left)) counts[t]!++;
  return counts;
}

/**
 * The source of each row of an epoch, in pieces: each of them exactly as often as it is to come, in an order of which any is
 * as likely as any other. As from an urn: a source is drawn with the part that it has in the rows that are left.
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
  let all = counts.reduce((sum, count) => sum + count, 0);
  while (all > 0) {
    const draws = random.uniform(Math.min(most, all));
    yield Uint32Array.from(draws, (draw) => {
      let at = Math.min(Math.floor(draw * all), all - 1); // a float32 may have been rounded up to 1
      let t = 0;
      while (at >= left[t]!) at -= left[t++]!;
      left[t]!--;
      all--;
      return t;
    });
  }
}

/** A batch of zeros in which no row has a label yet. */
export const blankRows = (schema: Schema, size: number): Batch =>
  emptyBatch(size, layoutOf(schema), Object.keys(schema.tasks));

/**
 * Copies rows of a batch to places of another one of the same schema.
 *
 * @param rows in `from`, one for each place
 */
export function putRows(from: Batch, rows: ArrayLike<number>, to: Batch, places: ArrayLike<number>): void {
  for (const { width, of } of arraysOf(to)) {
    const [source, target] = [of(from)!, of(to)!];
    for (let i = 0; i < places.length; i++) {
      for (let c = 0; c < width; c++) target[places[i]! * width + c] = source[rows[i]! * width + c]!;
    }
  }
}

/** The places of each source's rows, in their order. @param drawn the source of each place */
export function placesOf(drawn: ArrayLike<number>, sources: number): number[][] {
  const places = Array.from({ length: sources }, (): number[] => []);
  for (let place = 0; place < drawn.length; place++) places[drawn[place]!]!.push(place);
  return places;
}

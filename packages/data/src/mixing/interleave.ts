import type { RandomStream } from '@polytask/core';

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

import { sum } from '@polytask/components';
/** How far apart two histograms are. */
export interface Stability {
  /** Σ (q − p) ln(q / p) over the bins. */
  readonly psi: number;
  /** The mean of `psi` without any drift: (bins − 1) · (1/n + 1/m). */
  readonly expected: number;
  /** Without any drift, `psi` is above this in one of a thousand cases. */
  readonly limit: number;
}

/** The usual reading of a PSI (Siddiqi 2006, "Credit Risk Scorecards"): below the first it is stable, above the second it is large. */
export const PSI_LIMITS = { moderate: 0.1, large: 0.25 } as const;

/**
 * `stable` below a PSI of 0.1, `moderate` up to 0.25, and `large` above. A PSI that so few rows have without any drift, too, is `noise`.
 * Without a histogram to compare with it is `unknown`.
 */
export type ShiftVerdict = 'stable' | 'moderate' | 'large' | 'noise' | 'unknown';

export function verdictOf({ psi, limit }: Stability): ShiftVerdict {
  if (Number.isNaN(psi)) return 'unknown';
  if (psi < PSI_LIMITS.moderate) return 'stable';
  if (psi < limit) return 'noise';
  return psi > PSI_LIMITS.large ? 'large' : 'moderate';
}

/**
 * The population stability index of two histograms (Lewis 1994), with half a count added to each bin; NaN where one of them is empty. Without
 * drift, psi / (1/n + 1/m) has about a χ² distribution with bins − 1 degrees of freedom (Yurdakul 2018), whose 99.9% quantile, by Wilson
 * and Hilferty, is `limit`.
 *
 * @param rows how many rows these counts are from, if a row has several: values of one row say less than those of several
 * @example stability([50, 50], [30, 70]).psi // about 0.17
 */
export function stability(then: readonly number[], now: ArrayLike<number>, rows = Infinity): Stability {
  const bins = then.flatMap((count, i) => (count + now[i]! > 0 ? [i] : []));
  const totals = [then, now].map((counts) => sum(bins, (i) => counts[i]!)) as [number, number];
  if (totals.includes(0)) return { psi: NaN, expected: NaN, limit: NaN };
  const share = (counts: ArrayLike<number>, total: number, i: number) => (counts[i]! + 0.5) / (total + bins.length / 2);
  const psi = bins.reduce((sum, i) => {
    const [p, q] = [share(then, totals[0], i), share(now, totals[1], i)];
    return sum + (q - p) * Math.log(q / p);
  }, 0);
  const noise = 1 / totals[0] + 1 / Math.min(totals[1], rows);
  const freedom = bins.length - 1;
  return { psi, expected: freedom * noise, limit: freedom === 0 ? 0 : chiSquare(freedom) * noise };
}

const RARE = 3.0902;

/** The 99.9% quantile of χ². */
const chiSquare = (freedom: number): number => {
  const variance = 2 / (9 * freedom);
  return freedom * (1 - variance + RARE * Math.sqrt(variance)) ** 3;
};

import { readRows } from '../input/rows.ts';
import { MetricError } from '../metric-error.ts';
import type { MaskArray, NumericArray } from '../metric.ts';
import { midRanks } from '../order/mid-ranks.ts';

/** DeLong's structural components. Their means are the AUC, their spread its variance. */
export interface Placements {
  /** Of each positive: the share of the negatives that score lower, ties counting half. */
  readonly positive: Float64Array; // [positives]
  /** Of each negative: the share of the positives that score higher. */
  readonly negative: Float64Array; // [negatives]
}

/** {@link placementsOf} one score column: the labels as they were kept, and whether each is positive. */
const ofScores = (labels: Float64Array, scores: Float64Array): Placements => {
  const all = midRanks(scores);
  const side = (label: number) => {
    const keep = (_: unknown, i: number) => labels[i] === label;
    return { overall: all.filter(keep), own: midRanks(scores.filter(keep)) };
  };
  const [negatives, positives] = [side(0), side(1)];
  const [m, n] = [positives.own.length, negatives.own.length];
  return {
    positive: positives.overall.map((rank, i) => (rank - positives.own[i]!) / n),
    negative: negatives.overall.map((rank, i) => 1 - (rank - negatives.own[i]!) / m),
  };
};

/**
 * The placements of rows in each column of scores, from mid-ranks in O(rows) instead of from pairs (Sun & Xu 2014, eq. 4
 * and 5).
 *
 * @throws MetricError on weights, and on what `auc` refuses
 */
export const placementsOf = (
  where: string,
  labels: NumericArray,
  columns: readonly NumericArray[],
  options: { readonly mask?: MaskArray | undefined },
): Placements[] => {
  if (typeof options !== 'object' || options === null || 'weights' in options || 'length' in options) {
    throw new MetricError(where, 'sample weights', '{ mask, confidence } only', "DeLong's variance is of unweighted rows: leave the weights out, or resample rows with bootstrapInterval.");
  }
  return columns.map((scores) => {
    const rows = readRows({ where, label: 'binary', prediction: 'score' }, labels, scores, { mask: options.mask });
    return ofScores(rows.labels, rows.predictions);
  });
};

const meanAndVariance = (values: Float64Array): readonly [mean: number, variance: number] => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)];
};

/** The mean of placements (the AUC), or of differences of placements, and the variance of that mean (DeLong et al., eq. 5). */
export const placementMoments = ({ positive, negative }: Placements): { readonly mean: number; readonly variance: number } => {
  const [mean, spread] = meanAndVariance(positive);
  const [, otherSpread] = meanAndVariance(negative);
  return { mean, variance: spread / positive.length + otherSpread / negative.length };
};

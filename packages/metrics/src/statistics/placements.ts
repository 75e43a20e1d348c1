import { readRows } from '../input/rows.ts';
import { MetricError } from '../metric-error.ts';
import type { MaskArray, NumericArray } from '../metric.ts';
import { argsort } from '../order.ts';

/** DeLong's structural components. Their means are the AUC, their spread its variance. */
export interface Placements {
  /** Of each positive: the share of the negatives that score lower, ties counting half. */
  readonly positive: Float64Array; // [positives]
  /** Of each negative: the share of the positives that score higher. */
  readonly negative: Float64Array; // [negatives]
}

/** One pass over the rows in ascending order: what a positive has beaten lies behind, what beats a negative lies ahead. */
const ofScores = (labels: Float64Array, scores: Float64Array): Placements => {
  const order = argsort(scores);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const byRow = new Float64Array(labels.length);
  let [positivesBelow, negativesBelow] = [0, 0];
  for (let start = 0; start < order.length;) {
    let end = start;
    let tied = 0; // positives of this score
    for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) tied += labels[order[end]!]!;
    const won = (negativesBelow + (end - start - tied) / 2) / negatives;
    const lost = (positives - positivesBelow - tied / 2) / positives;
    for (let i = start; i < end; i++) byRow[order[i]!] = labels[order[i]!] === 1 ? won : lost;
    positivesBelow += tied;
    negativesBelow += end - start - tied;
    start = end;
  }
  const positive = new Float64Array(positives);
  const negative = new Float64Array(negatives);
  let [p, n] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === 1) positive[p++] = byRow[row]!;
    else negative[n++] = byRow[row]!;
  }
  return { positive, negative };
};

/**
 * The placements of rows in each column of scores, from their order in O(rows) instead of from pairs: what Sun & Xu 2014
 * take from mid-ranks (eq. 4 and 5), (rank among all − rank among the positives) / negatives.
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
    throw new MetricError(
      where,
      'sample weights',
      '{ mask, confidence } only',
      "DeLong's variance is of unweighted rows: leave the weights out, or resample rows with bootstrapInterval.",
    );
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
export const placementMoments = ({
  positive,
  negative,
}: Placements): { readonly mean: number; readonly variance: number } => {
  const [mean, spread] = meanAndVariance(positive);
  const [, otherSpread] = meanAndVariance(negative);
  return { mean, variance: spread / positive.length + otherSpread / negative.length };
};

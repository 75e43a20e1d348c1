import { sum } from '@polytask/components';
import { argsort, forEachTie } from '../order.ts';
import { measuring } from '../state/measure.ts';
import { rowMetric, type StoredRows } from '../state/row-metric.ts';
import { sumMetric } from '../state/sum-metric.ts';

/** Σ w, the means of both columns, and the sums of their squared deviations and of the products of these. */
type Moments = readonly [weight: number, y: number, p: number, yy: number, pp: number, yp: number];

function join(sums: Float64Array, [weight, y, p, yy, pp, yp]: Moments): void {
  if (weight === 0) return;
  const total = sums[0]! + weight;
  const [gapY, gapP] = [y - sums[1]!, p - sums[2]!];
  const share = (sums[0]! * weight) / total;
  sums[3]! += yy + gapY * gapY * share;
  sums[4]! += pp + gapP * gapP * share;
  sums[5]! += yp + gapY * gapP * share;
  sums[1] = sums[0] === 0 ? y : sums[1]! + (gapY * weight) / total; // exact for the first row, so equal values have variance 0
  sums[2] = sums[0] === 0 ? p : sums[2]! + (gapP * weight) / total;
  sums[0] = total;
}

const correlationOf = ([, , , yy, pp, yp]: Float64Array): number =>
  yy! > 0 && pp! > 0 ? Math.max(-1, Math.min(1, yp! / (Math.sqrt(yy!) * Math.sqrt(pp!)))) : NaN;

/**
 * Pearson's correlation of labels and predictions. It ignores their unit and offset.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns in [-1, 1]. NaN if all labels or all predictions are equal, or without rows (or weight)
 * @example
 * pearson([1, 2, 3], [10, 30, 20]); // 0.5
 */
export const pearson = /* @__PURE__ */ measuring('pearson', () =>
  sumMetric({
    name: 'pearson',
    label: 'Pearson',
    measured: 'named',
    description: 'the correlation of labels and predictions',
    direction: 'higher',
    range: [-1, 1],
    task: 'regression',
    size: 6,
    add: (sums, { count, labels, predictions, weights }) => {
      for (let i = 0; i < count; i++) join(sums, [weights[i]!, labels[i]!, predictions[i]!, 0, 0, 0]);
    },
    merge: (sums, others) => join(sums, others as unknown as Moments),
    compute: correlationOf,
  }),
);

/** The mean rank of equal values, with a row of weight 2 as two rows; all are half a rank too small, which no correlation sees. */
function weightedRanks(values: Float64Array, weights: Float64Array): Float64Array {
  const order = argsort(values);
  const ranks = new Float64Array(values.length);
  let below = 0;
  forEachTie(values, order, (start, end) => {
    const rows = order.subarray(start, end);
    const tied = sum(rows, (row) => weights[row]!);
    for (const row of rows) ranks[row] = below + tied / 2;
    below += tied;
  });
  return ranks;
}

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks of labels and predictions. Equal values have the mean of their ranks.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns in [-1, 1]. NaN if all labels or all predictions are equal, or without rows (or weight)
 * @example
 * spearman([1, 2, 3], [10, 1000, 100]); // 0.5
 */
export const spearman = /* @__PURE__ */ measuring('spearman', () =>
  rowMetric({
    name: 'spearman',
    label: 'Spearman',
    measured: 'named',
    description: 'the correlation of the ranks of labels and predictions',
    direction: 'higher',
    range: [-1, 1],
    task: 'regression',
    compute({ labels, predictions, weights }: StoredRows) {
      const [y, p] = [weightedRanks(labels, weights), weightedRanks(predictions, weights)];
      const sums = new Float64Array(6);
      for (let row = 0; row < y.length; row++) join(sums, [weights[row]!, y[row]!, p[row]!, 0, 0, 0]);
      return correlationOf(sums);
    },
  }),
);

import { argsort } from '../order.ts';
import { measuring } from '../state/measure.ts';
import { rowMetric } from '../state/row-metric.ts';
import { one, sumMetric, weighted } from '../state/sum-metric.ts';
import { absoluteError, errorMetric } from './errors.ts';

/**
 * The mean absolute percentage error: the mean of |p − y| / |y|. Use {@link wape} for labels that are 0 or near it.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns >= 0; .1 is 10%. NaN if a label is 0, or without rows (or weight)
 * @example
 * mape([4, -2], [3, -2]); // 0.125
 */
export const mape = /* @__PURE__ */ measuring('mape', () =>
  sumMetric({
    name: 'mape',
    label: 'MAPE',
    measured: 'named',
    description: 'the mean of |p − y| / |y|',
    direction: 'lower',
    task: 'regression',
    ...weighted(
      ({ labels, predictions }, i) => (labels[i] === 0 ? 0 : Math.abs((predictions[i]! - labels[i]!) / labels[i]!)),
      one,
      ({ labels }, i) => Number(labels[i] === 0),
    ),
    compute: ([errors, weight, zeros]) => (zeros! > 0 ? NaN : errors! / weight!),
  }),
);

/**
 * The symmetric mean absolute percentage error: the mean of 2 |p − y| / (|y| + |p|). A row with y = p = 0 has no error.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns in [0, 2]. NaN without rows (or weight)
 * @example
 * smape([4, 0], [2, 0]); // 0.3333
 */
export const smape = /* @__PURE__ */ errorMetric(
  { name: 'smape', label: 'sMAPE', description: 'the mean of 2 |p − y| / (|y| + |p|)', range: [0, 2] },
  ({ labels, predictions }, i) => {
    const size = Math.abs(labels[i]!) + Math.abs(predictions[i]!);
    return size === 0 ? 0 : (2 * Math.abs(predictions[i]! - labels[i]!)) / size;
  },
);

/**
 * The weighted absolute percentage error: Σ |p − y| / Σ |y|, the MAE over the mean size of the labels.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns >= 0. NaN if all labels are 0, or without rows (or weight)
 * @example
 * wape([4, 0], [3, 1]); // 0.5
 */
export const wape = /* @__PURE__ */ errorMetric(
  {
    name: 'wape',
    label: 'WAPE',
    description: 'the mean absolute error over the mean size of the labels',
    per: ({ labels }, i) => Math.abs(labels[i]!),
  },
  absoluteError,
);

/**
 * The median absolute error, in the unit of the labels. Outliers don't change it.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns >= 0: with an even number of rows the mean of the two in the middle. NaN without rows (or weight)
 * @example
 * medianAe([3, -1, 2, 9], [2, -1, 4, 0]); // 1.5
 */
export const medianAe = /* @__PURE__ */ measuring('medianAe', () =>
  rowMetric({
    name: 'medianAe',
    label: 'median AE',
    also: ['median-ae', 'medianAbsoluteError'],
    measured: 'named',
    description: 'the median absolute error',
    direction: 'lower',
    task: 'regression',
    compute({ labels, predictions, weights }) {
      const errors = labels.map((label, row) => Math.abs(predictions[row]! - label));
      const order = argsort(errors).filter((row) => weights[row]! > 0);
      const half = order.reduce((total, row) => total + weights[row]!, 0) / 2;
      let below = 0;
      for (const [i, row] of order.entries()) {
        below += weights[row]!;
        if (below > half) return errors[row]!;
        if (below === half) return (errors[row]! + errors[order[i + 1]!]!) / 2;
      }
      return NaN;
    },
  }),
);

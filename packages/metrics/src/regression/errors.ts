import type { Metric } from '../metric.ts';
import { measuring } from '../state/measure.ts';
import type { About } from '../state/state.ts';
import { type MeanDefinition, meanMetric, type RowValue, sumMetric } from '../state/sum-metric.ts';
import { weightedMeans } from '../input/rows.ts';

/** A metric that is the mean of an error of each row, or a function of it. */
export const errorMetric = <const Name extends string>(
  about: About<Name> & Pick<MeanDefinition, 'per' | 'compute'>,
  valueOf: RowValue,
) =>
  measuring(about.name, () =>
    meanMetric<Name>({ measured: 'named', ...about, direction: 'lower', task: 'regression', valueOf }),
  );

export const absoluteError: RowValue = ({ labels, predictions }, i) => Math.abs(predictions[i]! - labels[i]!);

/**
 * The mean absolute error, in the unit of the labels.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns >= 0. NaN without rows (or weight)
 * @example
 * mae([3, -1, 2], [2, -1, 4]); // 1
 */
export const mae = /* @__PURE__ */ errorMetric(
  { name: 'mae', label: 'MAE', description: 'the mean absolute error' },
  absoluteError,
);

/**
 * The root of the mean squared error, in the unit of the labels.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns >= 0. NaN without rows (or weight)
 * @example
 * rmse([3, -1, 2], [2, -1, 4]); // 1.290994
 */
export const rmse = /* @__PURE__ */ errorMetric(
  {
    name: 'rmse',
    label: 'RMSE',
    measured: 'always',
    description: 'the root of the mean squared error',
    compute: Math.sqrt,
  },
  ({ labels, predictions }, i) => (predictions[i]! - labels[i]!) ** 2,
);

const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

/**
 * The root mean squared logarithmic error: the RMSE of log(1 + y), and of −log(1 − y) for numbers below 0. A few large labels don't
 * decide it, as they do the RMSE.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns >= 0. NaN without rows (or weight)
 * @example
 * rmsle([0, 3], [1, 7]); // 0.693147
 */
export const rmsle = /* @__PURE__ */ errorMetric(
  {
    name: 'rmsle',
    label: 'RMSLE',
    measured: 'log',
    description: 'the root of the mean squared error of sign(y)·log(1 + |y|)',
    compute: Math.sqrt,
  },
  ({ labels, predictions }, i) => (signedLog(predictions[i]!) - signedLog(labels[i]!)) ** 2,
);

/** A function of the unexplained share of the labels' variance, Σ w (p − y)² / Σ w (y − ȳ)². @param where the function's name */
const varianceMetric = <const Name extends string>(
  where: string,
  about: About<Name> & Pick<Metric, 'direction'>,
  compute: (unexplained: number) => number,
) =>
  measuring(where, () =>
    sumMetric<Name>({
      ...about,
      measured: 'named',
      task: 'regression',
      size: 4, // Σ w, mean of y, Σ w (y − mean)², Σ w error²
      add: (sums, { count, labels, predictions, weights }) => {
        for (let i = 0; i < count; i++) {
          const weight = weights[i]!;
          join(sums, weight, labels[i]!, 0, weight * (predictions[i]! - labels[i]!) ** 2);
        }
      },
      merge: (sums, [weight, mean, squares, errors]) => join(sums, weight!, mean!, squares!, errors!),
      compute: ([, , squares, errors]) => (squares! > 0 ? compute(errors! / squares!) : NaN),
    }),
  );

const join = (sums: Float64Array, weight: number, mean: number, squares: number, errors: number): void => {
  if (weight === 0) return;
  const total = sums[0]! + weight;
  const gap = mean - sums[1]!;
  sums[2]! += squares + (gap * gap * sums[0]! * weight) / total;
  sums[1] = sums[0] === 0 ? mean : sums[1]! + (gap * weight) / total; // exact for the first row, so equal labels have variance 0
  sums[0] = total;
  sums[3]! += errors;
};

/**
 * The coefficient of determination, R² = 1 − Σ w (p − y)² / Σ w (y − ȳ)²: the share of the labels' variance that the
 * predictions explain. R² is 1 for perfect predictions, and 0 for the mean. It can be negative.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns at most 1. NaN if all labels are the same, or without rows (or weight)
 * @example
 * r2([3, -1, 2], [2, -1, 4]); // 0.423077
 */
export const r2 = /* @__PURE__ */ varianceMetric(
  'r2',
  {
    name: 'r2',
    label: 'R²',
    description: "the share of the labels' variance that is explained",
    direction: 'higher',
    range: [-Infinity, 1],
  },
  (unexplained) => 1 - unexplained,
);

/**
 * RMSE / the standard deviation of the labels of the evaluated rows (divisor Σ w) = √(1 − R²). It has no unit, so tasks with
 * different units are comparable. Below 1, the model is better than the mean.
 *
 * @param labels [rows] finite
 * @param predictions [rows] finite
 * @returns >= 0. NaN if all labels are the same, or without rows (or weight)
 * @example
 * normalizedRmse([3, -1, 2], [2, -1, 4]); // 0.759555
 */
export const normalizedRmse = /* @__PURE__ */ varianceMetric(
  'normalizedRmse',
  {
    name: 'nrmse',
    label: 'NRMSE',
    also: ['normalizedRmse'],
    description: "the RMSE over the labels' deviation: below 1 is better than the mean",
    direction: 'lower',
    constant: /* @__PURE__ */ weightedMeans((label) => label),
  },
  Math.sqrt,
);

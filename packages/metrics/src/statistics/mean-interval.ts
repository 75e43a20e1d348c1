import {
  mean,
  notNegative,
  number,
  optional,
  readOptions,
  sum,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import { requireArray } from '../input/rows.ts';
import { MetricError, requireCount, requireMeasurement, show } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { studentTQuantile, normalQuantile } from './distributions.ts';

/** The options of intervals. */
export const interval = {
  /** The share of such intervals that cover the true value. */
  confidence: optional(number({ above: 0, below: 1 }), 0.95),
};

export interface IntervalOptions extends Written<typeof interval>, FromDescription {}

export const overFolds = {
  ...interval,
  /**
   * For values over folds, whose training rows overlap: test rows over training rows, 1 / (k − 1) with k folds. The variance of the mean
   * is then deviation² · (1 / n + testToTrain), as in Nadeau & Bengio 2003, "Inference for the generalization error", eq. 9. 0 is for values
   * that don't depend on each other.
   */
  testToTrain: optional(notNegative, 0),
};

export interface MeanOptions extends Written<typeof overFolds>, FromDescription {}

export interface MeanInterval {
  readonly mean: number;
  /** The bounds of the two-sided confidence interval. NaN for a single value. */
  readonly low: number;
  readonly high: number;
  /** The sample standard deviation (divisor n − 1). NaN for a single value. */
  readonly deviation: number;
  readonly n: number;
}

/** Requires one or more numbers. NaN is allowed, infinite numbers are not. */
export const requireMeasurements = (where: string, noun: string, values: NumericArray): void => {
  requireArray(where, noun, values);
  if (values.length === 0) throw new MetricError(where, `no ${noun}`, 'at least one value', 'Give one value a seed.');
  for (let i = 0; i < values.length; i++) requireMeasurement(where, `${noun}[${i}]`, values[i]);
};

export const differencesOf = (where: string, a: NumericArray, b: NumericArray): Float64Array => {
  requireMeasurements(where, 'a', a);
  requireMeasurements(where, 'b', b);
  if (a.length !== b.length) {
    throw new MetricError(
      where,
      `${a.length} and ${b.length} values`,
      'pairs',
      'Compare the same seeds in the same order.',
    );
  }
  return Float64Array.from(a, (value, i) => value - b[i]!);
};

/** How many values that don't depend on each other have a mean as exact as n values over folds: 1 / (1 / n + testToTrain). */
export const independentOf = (n: number, testToTrain: number): number => n / (1 + n * testToTrain);

/** The mean of values, and Σ (value − mean)². */
export const momentsOf = (values: NumericArray): readonly [mean: number, squares: number] => {
  const center = mean(values);
  return [center, sum(values, (value) => (value - center) ** 2)];
};

/** {@link meanInterval} of checked values. */
export const intervalOf = (values: NumericArray, { confidence, testToTrain }: Read<typeof overFolds>): MeanInterval => {
  const n = values.length;
  const [mean, squares] = momentsOf(values);
  const deviation = Math.sqrt(squares / (n - 1)); // 0 / 0 for a single value
  const half =
    n > 1
      ? (studentTQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(independentOf(n, testToTrain))
      : NaN;
  return { mean, low: mean - half, high: mean + half, deviation, n };
};

/**
 * The mean of independent values, such as one for each seed, with its confidence interval. The interval is
 * mean ± t · deviation / √n with n − 1 degrees of freedom (Student 1908, "The probable error of a mean").
 *
 * @param values [n] finite. A NaN, an undefined metric, makes all results NaN
 * @param config `{ confidence }`, between 0 and 1; `{ testToTrain }` for values over folds
 * @throws PolytaskError on no values, infinite values, a confidence outside (0, 1), a negative `testToTrain`
 * @example
 * meanInterval([0.91, 0.93, 0.92]); // { mean: 0.92, low: 0.895159, high: 0.944841, deviation: 0.01, n: 3 }
 */
export const meanInterval = (values: NumericArray, config: MeanOptions = {}): MeanInterval => {
  const options = readOptions(config, overFolds, 'meanInterval');
  requireMeasurements('meanInterval', 'values', values);
  return intervalOf(values, options);
};

/**
 * The confidence interval of a share, such as an accuracy, over samples of rows. It stays in [0, 1], and has a width for a share of 0
 * or 1, too.
 *
 * Paper: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
 *
 * @param share of the rows, 0 to 1. NaN makes the bounds NaN
 * @param rows the number of rows, all of one weight
 * @param config `{ confidence }`, between 0 and 1
 * @throws PolytaskError on another share, a number of rows that isn't a positive whole number, a confidence outside (0, 1)
 * @example
 * wilsonInterval(0.9, 100); // { low: 0.825634, high: 0.944771 }
 */
export function wilsonInterval(
  share: number,
  rows: number,
  config: IntervalOptions = {},
): { readonly low: number; readonly high: number } {
  const { confidence } = readOptions(config, interval, 'wilsonInterval');
  if (share < 0 || share > 1)
    throw new MetricError('wilsonInterval', `share = ${show(share)}`, 'a number from 0 to 1', 'Divide by the rows.');
  requireCount('wilsonInterval', 'rows', rows);
  const z = normalQuantile((1 + confidence) / 2);
  const scale = 1 + z ** 2 / rows;
  const center = (share + z ** 2 / (2 * rows)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / rows + (z / (2 * rows)) ** 2);
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}

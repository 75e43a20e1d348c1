import { mean, sum } from '@polytask/components';
import { requireArray } from '../input/columns.ts';
import { MetricError, requireBetween, requireOptions, show } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { studentTQuantile } from './distributions.ts';

export interface IntervalOptions {
  /** The share of such intervals that cover the true mean. Default .95. */
  readonly confidence?: number | undefined;
}

export interface MeanOptions extends IntervalOptions {
  /**
   * For values over folds, whose training rows overlap: test rows over training rows, 1 / (k − 1) with k folds. The variance of the mean
   * is then deviation² · (1 / n + testToTrain), as in Nadeau & Bengio 2003, "Inference for the generalization error", eq. 9.
   * Default: 0, values that don't depend on each other.
   */
  readonly testToTrain?: number | undefined;
}

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
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value === 'number' && Math.abs(value) !== Infinity) continue;
    throw new MetricError(
      where,
      `${noun}[${i}] = ${show(value)}`,
      'a finite number, or NaN for an undefined metric',
      'Look for a diverged run.',
    );
  }
};

/** How many values that don't depend on each other have a mean as exact as n values over folds: 1 / (1 / n + testToTrain). */
export const independentOf = (where: string, n: number, testToTrain = 0): number => {
  if (testToTrain >= 0 && testToTrain < Infinity) return n / (1 + n * testToTrain);
  throw new MetricError(
    where,
    `testToTrain = ${show(testToTrain)}`,
    'test rows over training rows, 0 or more',
    'With k folds, give 1 / (k - 1).',
  );
};

/** The mean of values, and Σ (value − mean)². */
export const momentsOf = (values: NumericArray): readonly [mean: number, squares: number] => {
  const center = mean(values);
  return [center, sum(values, (value) => (value - center) ** 2)];
};

/** {@link meanInterval} of checked values. @param where the function's name in error messages */
export const intervalOf = (
  where: string,
  values: NumericArray,
  { confidence = 0.95, testToTrain = 0 }: MeanOptions,
): MeanInterval => {
  requireBetween(where, 'confidence', confidence, 0, 1);
  const n = values.length;
  const [mean, squares] = momentsOf(values);
  const deviation = Math.sqrt(squares / (n - 1)); // 0 / 0 for a single value
  const half =
    n > 1
      ? (studentTQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(independentOf(where, n, testToTrain))
      : NaN;
  return { mean, low: mean - half, high: mean + half, deviation, n };
};

/**
 * The mean of independent values, such as one for each seed, with its confidence interval. The interval is
 * mean ± t · deviation / √n with n − 1 degrees of freedom (Student 1908, "The probable error of a mean").
 *
 * @param values [n] finite. A NaN, an undefined metric, makes all results NaN
 * @param config `{ confidence }`, between 0 and 1; `{ testToTrain }` for values over folds
 * @throws MetricError on no values, infinite values, a confidence outside (0, 1), a negative `testToTrain`
 * @example
 * meanInterval([0.91, 0.93, 0.92]); // { mean: 0.92, low: 0.895159, high: 0.944841, deviation: 0.01, n: 3 }
 */
export const meanInterval = (values: NumericArray, config: MeanOptions = {}): MeanInterval => {
  requireOptions('meanInterval', config, ['confidence', 'testToTrain']);
  requireMeasurements('meanInterval', 'values', values);
  return intervalOf('meanInterval', values, config);
};

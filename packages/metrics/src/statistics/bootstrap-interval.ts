import {
  flag,
  mean,
  oneOf,
  optional,
  readOptions,
  wholeNumber,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import { requireArray } from '../input/rows.ts';
import { MetricError, show } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { randomSource, type RandomSource } from './counter-random.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { differencesOf, interval, momentsOf, type overFolds, requireMeasurements } from './mean-interval.ts';

export const bootstrap = {
  ...interval,
  /** The number of resamples. */
  resamples: optional(wholeNumber(1), 10_000),
  method: optional(oneOf('bca', 'percentile'), 'bca'),
  /** By default `counterRandom(0)`. */
  random: randomSource,
};

export interface BootstrapOptions extends Written<typeof bootstrap>, FromDescription {}

const samplesOptions = {
  ...bootstrap,
  /** Whether the values at one index of all samples belong together. They are then drawn together. */
  paired: optional(flag, false),
};

export interface SamplesOptions extends Written<typeof samplesOptions>, FromDescription {}

export interface BootstrapInterval {
  /** The statistic of the original samples. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the statistic over the resamples. */
  readonly standardError: number;
}

/** A function of samples. It must not keep the arrays, which are reused for the next resample. */
export type Statistic = (samples: readonly Float64Array[]) => number;

const fillResample = (
  samples: readonly Float64Array[],
  into: readonly Float64Array[],
  paired: boolean,
  random: RandomSource,
): void => {
  if (paired) {
    const n = into[0]!.length;
    for (let i = 0; i < n; i++) {
      const row = Math.floor(random() * n);
      for (let s = 0; s < samples.length; s++) into[s]![i] = samples[s]![row]!;
    }
    return;
  }
  for (let s = 0; s < samples.length; s++) {
    const [from, to] = [samples[s]!, into[s]!];
    for (let i = 0; i < to.length; i++) to[i] = from[Math.floor(random() * to.length)]!;
  }
};

/** A quantile by linear interpolation between the order statistics, as NumPy's default. */
const quantile = (sorted: Float64Array, p: number): number => {
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
};

/** The statistic without each row: of one sample after the other, or of all samples together if they are paired. */
const jackknife = (samples: readonly Float64Array[], statistic: Statistic, paired: boolean): Float64Array[] => {
  const without = (values: Float64Array, row: number) => values.filter((_, i) => i !== row);
  return (paired ? [samples[0]!] : samples).map((one, s) =>
    one.map((_, row) =>
      statistic(samples.map((values, other) => (paired || other === s ? without(values, row) : values.slice()))),
    ),
  );
};

/** Efron's acceleration. For several samples see Davison & Hinkley 1997, section 5.3. */
const acceleration = (samples: readonly Float64Array[]): number => {
  let [cubes, squares] = [0, 0];
  for (const values of samples) {
    const n = values.length;
    const center = mean(values);
    for (const value of values) {
      const influence = ((n - 1) * (center - value)) / n;
      cubes += influence ** 3;
      squares += influence ** 2;
    }
  }
  return cubes / squares ** 1.5 / 6;
};

const bcaLevels = (
  sorted: Float64Array,
  estimate: number,
  accelerate: () => number,
  levels: readonly [number, number],
) => {
  let below = 0;
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  const share = below / sorted.length;
  if (share === 0 || share === 1) return [NaN, NaN] as const;
  const [bias, a] = [normalQuantile(share), accelerate()];
  return levels.map((level) => {
    const z = bias + normalQuantile(level);
    return Number.isFinite(a) ? normalCdf(bias + z / (1 - a * z)) : NaN;
  });
};

/** {@link bootstrapInterval} of checked samples. */
const bootstrapOf = (
  samples: readonly Float64Array[],
  statistic: Statistic,
  { confidence, resamples, method, paired, random }: Read<typeof samplesOptions>,
): BootstrapInterval => {
  const undefinedResult = { low: NaN, high: NaN, standardError: NaN };
  const estimate = statistic(samples.map((values) => values.slice()));
  if (Number.isNaN(estimate) || samples.some(({ length }) => length < 2)) return { estimate, ...undefinedResult };

  const resample = samples.map((values) => new Float64Array(values.length));
  const values = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    fillResample(samples, resample, paired, random);
    values[r] = statistic(resample);
  }
  if (values.some(Number.isNaN)) return { estimate, ...undefinedResult };
  values.sort();
  const standardError = Math.sqrt(momentsOf(values)[1] / (resamples - 1));
  if (values[0] === values[resamples - 1]) return { estimate, low: values[0]!, high: values[0]!, standardError };
  const plain: readonly [number, number] = [(1 - confidence) / 2, (1 + confidence) / 2];
  const levels =
    method === 'percentile'
      ? plain
      : bcaLevels(values, estimate, () => acceleration(jackknife(samples, statistic, paired)), plain);
  const [low, high] = levels.map((level) => (Number.isNaN(level) ? NaN : quantile(values, level)));
  return { estimate, low: low!, high: high!, standardError };
};

/**
 * A confidence interval of any statistic by the bootstrap. Resamples are drawn from the samples with replacement.
 *
 * - `percentile`: the bounds are quantiles of the statistic over the resamples
 * - `bca`: the levels of the quantiles are corrected for bias, z₀ = Φ⁻¹(share of resamples below the estimate), and for
 *   skewness, a, which comes from leaving out one row at a time. A level becomes Φ(z₀ + z / (1 − a z)) with
 *   z = z₀ + Φ⁻¹(level)
 *
 * With few values, below about 15, bootstrap intervals are too narrow. Use the t interval of {@link meanInterval} instead.
 *
 * Papers: Efron 1979, "Bootstrap methods: another look at the jackknife"; Efron 1987, "Better bootstrap confidence
 * intervals" (eq. 2.3).
 *
 * @param samples one or more samples, [n] each. Paired samples have the same length
 * @param statistic of samples and resamples. It must not depend on the order of rows
 * @returns the interval. Bounds are NaN if a sample has a single value, the statistic is NaN, or `bca` has all resamples on
 *   one side of the estimate
 * @throws PolytaskError on no samples, empty samples, infinite values, paired samples of different lengths
 * @example
 * bootstrapInterval([[1, 2, 4, 8]], ([x]) => Math.max(...x), { method: 'percentile' }).high; // 8
 */
export const bootstrapInterval = (
  samples: readonly NumericArray[],
  statistic: Statistic,
  config: SamplesOptions = {},
): BootstrapInterval => {
  const where = 'bootstrapInterval';
  const options = readOptions(config, samplesOptions, where);
  requireArray(where, 'samples', samples);
  if (samples.length === 0 || typeof samples[0] === 'number') {
    throw new MetricError(
      where,
      samples.length === 0 ? 'no samples' : `samples[0] = ${show(samples[0])}`,
      'a list of samples',
      'Write [values] for a single sample.',
    );
  }
  samples.forEach((values, s) => requireMeasurements(where, `samples[${s}]`, values));
  const other = samples.find(({ length }) => length !== samples[0]!.length);
  if (options.paired && other) {
    throw new MetricError(
      where,
      `paired samples of ${samples[0]!.length} and ${other.length} values`,
      'one length',
      'Give the same rows in the same order, or leave paired out.',
    );
  }
  const copies = samples.map((values) => Float64Array.from(values));
  return bootstrapOf(copies, statistic, options);
};

/**
 * The bootstrap interval of a mean of checked values. With `testToTrain` its bounds are NaN: draws of folds, as if they didn't depend on
 * each other, give too narrow an interval.
 */
export const bootstrapMean = (
  values: Float64Array,
  { testToTrain, ...config }: Read<typeof bootstrap & typeof overFolds>,
): BootstrapInterval =>
  testToTrain > 0
    ? { estimate: mean(values), low: NaN, high: NaN, standardError: NaN }
    : bootstrapOf([values], ([sample]) => mean(sample!), { ...config, paired: false });

/**
 * The mean of a − b over pairs of the same seed or data, with its bootstrap interval. Whole pairs are drawn.
 * {@link pairedDifference} has the t interval of the same mean.
 *
 * @param a [n] finite; a NaN makes all results NaN
 * @param b [n] in the same order
 * @throws MetricError on lengths that differ, no values, infinite values
 * @example
 * bootstrapDifference([3, 5, 8, 6], [1, 4, 5, 4], { method: 'percentile' }); // { estimate: 2, low: 1.25, high: 2.75, standardError: 0.35 }
 */
export const bootstrapDifference = (
  a: NumericArray,
  b: NumericArray,
  config: BootstrapOptions = {},
): BootstrapInterval => {
  const where = 'bootstrapDifference';
  const options = readOptions(config, bootstrap, where);
  return bootstrapMean(differencesOf(where, a, b), { ...options, testToTrain: 0 });
};

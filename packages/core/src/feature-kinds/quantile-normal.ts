import type * as tf from '@tensorflow/tfjs-core';
import { defineFeature } from '../features/feature-kind.ts';
import { numberOf } from '../features/values.ts';
import { listOf, number, optional } from '@polytask/components';
import { placeOf, sampleNumbers } from './buckets.ts';

const MOST = 1000;
/** Ranks are kept this far from 0 and 1, so the numbers lie within ±5.2, as in scikit-learn. */
const END = 1e-7;

const options = {
  /** The most quantiles that are kept, 2 to 1,000. There are at most as many as training rows. */
  count: optional(number({ whole: true, from: 2, to: MOST }), MOST),
};

/**
 * Declares a column of numbers that are mapped to a normal distribution: Φ⁻¹ of the rank between quantiles, as in scikit-learn's
 * `QuantileTransformer(output_distribution='normal')`. Outliers have no effect, and any monotone scale of the column gives about the same
 * numbers. The least number and those below become −5.2, the largest and those above 5.2. A second number is 1 if the value is missing.
 *
 * @throws PolytaskError for an unknown option, or a `count` out of range; when rows are encoded, for a value that is no number
 * @example quantileNormal({ from: 'capital_gains' }) // 2 values
 */
export const quantileNormal = defineFeature('quantile-normal', {
  options,
  cell: 'number',
  fit({ count }) {
    const { add, sorted } = sampleNumbers();
    return { add, finish: () => ({ quantiles: quantilesOf(sorted(), count) }) };
  },
  fitted: {
    /** The quantiles of the training rows, ascending and evenly spaced in rank; none where all numbers are equal. */
    quantiles: listOf(number()),
  },
  form: ({ quantiles }) => ({
    type: 'numbers',
    width: 2,
    graph: (x, operations) => graphOf(x, quantiles, operations),
    write(value, to, at, name) {
      const x = numberOf(value, name);
      to[at] = Number.isNaN(x) || quantiles.length === 0 ? 0 : normalQuantile(rankOf(x, quantiles));
      to[at + 1] = Number(Number.isNaN(x));
    },
  }),
  description: 'a number by its rank, as a normal distribution',
  paper: 'scikit-learn, QuantileTransformer',
  package: '@polytask/core/features',
});

/** Quantiles with linear interpolation, from the least number to the largest. @param sorted ascending */
function quantilesOf(sorted: Float64Array, count: number): number[] {
  if (!(sorted[0]! < sorted.at(-1)!)) return [];
  const last = Math.min(count, sorted.length) - 1;
  return Array.from({ length: last + 1 }, (_, i) => {
    const at = (i * (sorted.length - 1)) / last;
    const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
    const half = (high / 2 - low / 2) * (at % 1); // no difference of doubles overflows
    return Math.min(low + half + half, high);
  });
}

/** The rank between quantiles, in [0, 1]. Of equal quantiles, the middle one counts; the ends have the ranks 0 and 1. */
function rankOf(x: number, quantiles: readonly number[]): number {
  const last = quantiles.length - 1;
  if (x <= quantiles[0]!) return 0;
  if (x >= quantiles[last]!) return 1;
  const [above, upTo] = [placeOf(x, quantiles, true), placeOf(x, quantiles) - 1];
  if (above <= upTo) return (above + upTo) / 2 / last;
  const [low, high] = [quantiles[upTo]!, quantiles[above]!];
  return (upTo + (x / 2 - low / 2) / (high / 2 - low / 2)) / last;
}

/** The coefficients of Φ⁻¹ to seven digits (Wichura, Applied Statistics 1988, PPND7), from the constant up: over and under the line. */
const MIDDLE = [
  [3.3871327179, 50.434271938, 159.29113202, 59.10937472],
  [1, 17.895169469, 78.757757664, 67.1875636],
] as const;
const TAILS = [
  [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103],
  [1, 0.7370016425, 0.12021132975],
] as const;

/** Φ⁻¹ of a rank that is kept from 0 and 1. */
function normalQuantile(rank: number): number {
  const [p, q] = [Math.min(rank, 1 - rank), rank - 0.5];
  const sumOf = (of: readonly number[], r: number) => of.reduceRight((sum, each) => sum * r + each, 0);
  const ratio = ([over, under]: typeof MIDDLE | typeof TAILS, r: number) => sumOf(over, r) / sumOf(under, r);
  if (p > 0.075) return q * ratio(MIDDLE, 0.180625 - q * q);
  return Math.sign(q) * ratio(TAILS, Math.sqrt(-Math.log(Math.max(p, END))) - 1.6);
}

/** As {@link rankOf} and {@link normalQuantile}. The ranks are counted from both ends, so that neither tail loses digits. */
function graphOf(x: tf.Tensor1D, quantiles: readonly number[], t: typeof tf): tf.Tensor2D {
  const indicator = t.cast(t.isNaN(x), 'float32');
  const zero = t.zerosLike(x);
  if (quantiles.length === 0) return t.stack([zero, indicator], 1) as tf.Tensor2D;
  const known = t.where(t.isNaN(x), zero, x);
  const table = t.tensor1d([...quantiles]);
  const end = quantiles.length - 1;
  const count = (is: typeof t.less) => t.sum(t.cast(is(table, t.expandDims(known, 1)), 'float32'), 1);
  const [above, upTo] = [count(t.less), t.sub(count(t.lessEqual), 1)];
  const [from, to] = [t.maximum(t.minimum(above, upTo), 0), t.minimum(t.maximum(above, upTo), end)];
  const [low, high] = [from, to].map((at) => t.gather(table, t.cast(at, 'int32'))) as [tf.Tensor, tf.Tensor];
  const isTie = t.lessEqual(above, upTo);
  const shareOf = (part: tf.Tensor) => t.div(part, t.maximum(t.sub(high, low), 1e-37));
  const between = (part: tf.Tensor) => t.where(isTie, t.div(t.sub(to, from), 2), shareOf(part));
  const [isLeast, isMost] = [t.lessEqual(known, quantiles[0]!), t.greaterEqual(known, quantiles[end]!)];
  const whole = t.add(zero, end);
  const below = t.where(isLeast, zero, t.where(isMost, whole, t.add(from, between(t.sub(known, low)))));
  const beyond = t.where(isMost, zero, t.where(isLeast, whole, t.add(t.sub(end, to), between(t.sub(high, known)))));

  const p = t.maximum(t.div(t.minimum(below, beyond), end), END);
  const q = t.div(t.sub(below, beyond), 2 * end);
  const sumOf = (of: readonly number[], r: tf.Tensor) =>
    of.reduceRight((sum: tf.Tensor, each) => t.add(t.mul(sum, r), each), zero);
  const ratio = ([over, under]: typeof MIDDLE | typeof TAILS, r: tf.Tensor) => t.div(sumOf(over, r), sumOf(under, r));
  const middle = t.mul(q, ratio(MIDDLE, t.sub(0.180625, t.mul(q, q))));
  const tails = t.mul(t.sign(q), ratio(TAILS, t.sub(t.sqrt(t.neg(t.log(p))), 1.6)));
  const z = t.where(t.greater(p, 0.075), middle, tails);
  return t.stack([t.mul(z, t.sub(1, indicator)), indicator], 1) as tf.Tensor2D;
}

import { fail, readOptions, shown, sum } from '@polytask/components';
import { requireArray } from '../input/rows.ts';
import { MetricError, requireBetween, requireChoice, requireMeasurement } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import { midRanks, tieCorrection } from '../order.ts';
import { chiSquareTail, fTail, invert, normalCdf, requireSquares } from './distributions.ts';
import { interval, type IntervalOptions } from './mean-interval.ts';

export interface FriedmanTest {
  /** The mean rank of each model over the blocks. Rank 1 is the best. */
  readonly averageRanks: readonly number[];
  /** The number of blocks without a NaN. Only these are ranked. */
  readonly blocks: number;
  /** Friedman's χ², corrected for ties. NaN if each block is one tie, or there is no block. */
  readonly chiSquare: number;
  /** The p value of χ², with k − 1 degrees of freedom for k models. */
  readonly pValue: number;
  /** Iman & Davenport's F = (N − 1) χ² / (N (k − 1) − χ²). It is less conservative than χ². */
  readonly f: number;
  /** The p value of F, with k − 1 and (k − 1)(N − 1) degrees of freedom. NaN for a single block. */
  readonly fPValue: number;
  /** Nemenyi's critical difference. Models differ if their average ranks differ by more, at `confidence` for all pairs. */
  readonly criticalDifference: number;
}

const readBlocks = (where: string, values: readonly NumericArray[]): Float64Array[] => {
  requireArray(where, 'values', values);
  if (values.length === 0) {
    const remedy = 'Give a row of values, one a model, for each task or seed.';
    throw new MetricError(where, 'no blocks', 'at least one', remedy);
  }
  return Array.from(values, (block, b) => {
    requireArray(where, `values[${b}]`, block);
    if (block.length !== values[0]!.length || block.length < 2) {
      throw new MetricError(
        where,
        `${block.length} values in block ${b}`,
        values[0]!.length < 2 ? 'two models or more' : `${values[0]!.length} as in block 0`,
        'Give each block one value a model.',
      );
    }
    return Float64Array.from(block, (value, m) => requireMeasurement(where, `values[${b}][${m}]`, value));
  });
};

/**
 * Friedman's test of whether models differ at all. All models are measured on the same blocks: data sets, tasks, folds or
 * seeds. The test uses only the ranks in each block, so blocks may have metrics of different units. Blocks should be
 * independent of each other. The χ² approximation needs about ten blocks and five models.
 *
 * Nemenyi's critical difference tells which models differ. With q the quantile of the studentized range, it is
 *
 *     q / √2 · √(k (k + 1) / (6 N)).
 *
 * Papers: Friedman 1937, "The use of ranks to avoid the assumption of normality"; Iman & Davenport 1980; Nemenyi 1963;
 * all in Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", section 3.2.
 *
 * @param values [blocks][models], finite. A block with a NaN is left out
 * @param direction whether the highest or the lowest value has rank 1
 * @param config `{ confidence }` of the critical difference, default .95
 * @throws PolytaskError on no blocks, fewer than two models, blocks of different lengths, infinite values
 * @example
 * friedmanTest([[0.9, 0.8, 0.7], [0.8, 0.9, 0.7], [0.9, 0.8, 0.6], [0.7, 0.6, 0.5]], 'higher').averageRanks; // [1.25, 1.75, 3]
 */
export const friedmanTest = (
  values: readonly NumericArray[],
  direction: 'higher' | 'lower',
  config: IntervalOptions = {},
): FriedmanTest => {
  const where = 'friedmanTest';
  const { confidence } = readOptions(config, interval, where);
  requireChoice(where, 'direction', direction, ['higher', 'lower']);
  const blocks = readBlocks(where, values);
  const ranked = blocks
    .filter((block) => !block.some(Number.isNaN))
    .map((block) => (direction === 'higher' ? block.map((value) => -value) : block));
  const [n, k] = [ranked.length, blocks[0]!.length];

  const sums = new Float64Array(k);
  let ties = 0;
  for (const block of ranked) {
    midRanks(block).forEach((rank, m) => (sums[m]! += rank));
    ties += tieCorrection(block);
  }
  const expected = (n * (k + 1)) / 2;
  const spread = sum(sums, (ranks) => (ranks - expected) ** 2);
  const chiSquare = (12 * spread) / (n * k * (k + 1)) / (1 - ties / (n * k * (k * k - 1)));
  const remainder = Math.max(0, n * (k - 1) - chiSquare);
  const f = n > 1 ? ((n - 1) * chiSquare) / remainder : NaN;
  return {
    averageRanks: Array.from(sums, (sum) => sum / n),
    blocks: n,
    chiSquare,
    pValue: Number.isNaN(chiSquare) ? NaN : chiSquareTail(chiSquare, k - 1),
    f,
    fPValue: Number.isNaN(f) ? NaN : fTail(f, k - 1, (k - 1) * (n - 1)),
    criticalDifference:
      n > 0 ? (studentizedRangeQuantile(confidence, k) / Math.SQRT2) * Math.sqrt((k * (k + 1)) / (6 * n)) : NaN,
  };
};

const requireGroups = (where: string, groups: number): void => {
  if (Number.isInteger(groups) && groups >= 2 && groups <= 200) return;
  fail({
    expected: `a whole number in [2, 200] for ${where}`,
    received: shown(groups),
    fix: 'It is the number of means, or of models, that are compared.',
  });
};

const tail = (q: number, groups: number): number => {
  if (q === Infinity) return 0;
  const powers = groups - 1;
  // The step of the trapezoidal rule. The error for this integrand is about exp(−2π² / (step² groups)) = e⁻⁴⁰.
  const step = Math.PI * Math.sqrt(2 / (40 * groups));
  let sum = 0;
  for (let z = -9; z <= 9 + q / 2; z += step) {
    const below = normalCdf(z);
    const ratio = normalCdf(z - q) / below;
    // Φ(z)^(k−1) − [Φ(z) − Φ(z − q)]^(k−1) without a subtraction of close numbers
    sum += Math.exp((-z * z) / 2) * below ** powers * -Math.expm1(powers * Math.log1p(-ratio));
  }
  return Math.min(1, (groups * step * sum) / Math.sqrt(2 * Math.PI));
};

/**
 * P(Q > q) of the studentized range with infinitely many degrees of freedom. Q is the range, largest − smallest, of k
 * independent standard normal values,
 *
 *     P(Q > q) = 1 − k ∫ φ(z) [Φ(z) − Φ(z − q)]^(k − 1) dz.
 *
 * Tests of ranks use it (Nemenyi 1963). The variance of a rank is known and not estimated, so the degrees are infinite.
 *
 * @param q >= 0, Infinity included
 * @param groups k, a whole number from 2 to 200
 * @throws PolytaskError on q below 0 or NaN, or groups out of range
 * @example
 * studentizedRangeTail(3.314493, 3); // 0.05
 */
export const studentizedRangeTail = (q: number, groups: number): number => {
  requireSquares('studentizedRangeTail', 'q', q);
  requireGroups('studentizedRangeTail.groups', groups);
  return tail(q, groups);
};

/**
 * The quantile of the studentized range with infinitely many degrees of freedom: the q with P(Q < q) = p.
 *
 * @param p between 0 and 1, both excluded
 * @param groups k, a whole number from 2 to 200
 * @throws PolytaskError on p or groups out of range
 * @example
 * studentizedRangeQuantile(0.95, 3); // 3.314493
 */
export const studentizedRangeQuantile = (p: number, groups: number): number => {
  requireBetween('studentizedRangeQuantile', 'p', p, 0, 1);
  requireGroups('studentizedRangeQuantile.groups', groups);
  return invert((q) => -tail(q, groups), p - 1);
};

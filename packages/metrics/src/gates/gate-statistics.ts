import { recordOf, sum } from '@polytask/components';
import { entropyOf } from '../binary/losses.ts';
import { requireArray, toFloat64 } from '../input/rows.ts';
import { MetricError, requireCount, show } from '../metric-error.ts';
import type { MaskArray, NumericArray } from '../metric.ts';
import { momentsOf } from '../statistics/mean-interval.ts';

/** Running sums over rows of fusion weights. */
const emptySums = (units: number, experts: number) => ({
  rows: 0,
  /** [units × experts]: the mean weight, Σ (w − mean)², the number of zeros, and Σ of the share of |w| in its row. */
  ...recordOf(['mean', 'squares', 'zeros', 'shares'], () => new Float64Array(units * experts)),
  /** [units]: Σ of the entropy of the shares, and the number of rows in which all weights are 0. */
  ...recordOf(['entropy', 'silent'], () => new Float64Array(units)),
});

type WeightSums = ReturnType<typeof emptySums>;

const addRows = (sums: WeightSums, weights: Float64Array, units: number, experts: number): void => {
  const cells = units * experts;
  const shares = new Float64Array(experts);
  for (let start = 0; start < weights.length; start += cells) {
    sums.rows++;
    for (let u = 0; u < units; u++) {
      let total = 0;
      for (let e = 0; e < experts; e++) {
        const cell = u * experts + e;
        const weight = weights[start + cell]!;
        const gap = weight - sums.mean[cell]!;
        sums.mean[cell]! += gap / sums.rows;
        sums.squares[cell]! += gap * (weight - sums.mean[cell]!); // Welford 1962
        sums.zeros[cell]! += Number(weight === 0);
        total += Math.abs(weight);
      }
      if (total === 0) {
        sums.silent[u]!++;
        continue;
      }
      for (let e = 0; e < experts; e++) {
        shares[e] = Math.abs(weights[start + u * experts + e]!) / total;
        sums.shares[u * experts + e]! += shares[e]!;
      }
      sums.entropy[u]! += entropyOf(shares);
    }
  }
};

/** The shape of a gate's weights. */
export interface GateShape {
  readonly units: number;
  readonly experts: number;
  /** [units × experts], 1 where a unit sees an expert. Other weights must be 0. Default: all units see all experts. */
  readonly sees?: MaskArray | undefined;
}

/** How evenly a group of experts is used. */
export interface Utilization {
  /** The mean share of each expert. Shares sum to 1. NaN without rows, or if all weights are 0. */
  readonly shares: readonly number[]; // [experts]
  /** exp of the entropy of the shares: 1 if only one expert is used, the number of experts if all are used equally. */
  readonly effectiveExperts: number;
  /** The standard deviation / mean of the shares of visible experts. 0 if all are used equally. */
  readonly variation: number;
}

/** The statistics of one unit's gate. */
export interface UnitGate extends Utilization {
  /** The mean weight over rows. */
  readonly mean: readonly number[]; // [experts]
  /** The standard deviation over rows (divisor: rows). 0 for a constant weight. */
  readonly deviation: readonly number[]; // [experts]
  /** The mean over rows of the entropy of |w| / Σ |w|, in nats. 0 if each row uses one expert. */
  readonly entropy: number;
  /** The share of rows whose weights are all 0. These rows don't count in shares and entropy. */
  readonly silent: number;
}

/** The statistics of a gate. */
export interface GateSummary {
  readonly rows: number;
  readonly units: readonly UnitGate[];
  /** The mean over units. */
  readonly overall: Utilization;
  /** The share of zeros among the weights of visible experts. */
  readonly sparsity: number;
}

const WHERE = 'gateStatistics';

const utilization = (shares: readonly number[], visible: readonly boolean[]): Utilization => {
  const visibleShares = shares.filter((_, e) => visible[e]);
  const [mean, squares] = momentsOf(visibleShares);
  const effectiveExperts = shares.some(Number.isNaN) ? NaN : Math.exp(entropyOf(shares));
  return { shares, effectiveExperts, variation: Math.sqrt(squares / visibleShares.length) / mean };
};

/** Running statistics of a gate. Create them with {@link gateStatistics}. */
export class GateStatistics {
  readonly #units: number;
  readonly #experts: number;
  readonly #sees: readonly boolean[];
  readonly #sums: WeightSums;

  constructor({ units, experts, sees }: GateShape) {
    requireCount(WHERE, 'units', units);
    requireCount(WHERE, 'experts', experts);
    const cells = units * experts;
    if (sees !== undefined) requireArray(WHERE, 'sees', sees);
    if (sees !== undefined && sees.length !== cells) {
      throw new MetricError(
        WHERE,
        `${sees.length} entries of sees`,
        `units × experts = ${cells}`,
        'Give one entry for each unit and expert, unit by unit.',
      );
    }
    this.#units = units;
    this.#experts = experts;
    this.#sums = emptySums(units, experts);
    this.#sees = Array.from(sees ?? new Uint8Array(cells).fill(1), Boolean);
  }

  /**
   * Adds rows. A call that throws doesn't change the statistics.
   *
   * @param weights [rows × units × experts], row-major. For a constant gate one row is enough
   * @throws MetricError on a wrong length, a weight that isn't finite, or a weight of an invisible expert that isn't 0
   */
  update(weights: NumericArray): this {
    requireArray(WHERE, 'weights', weights);
    const cells = this.#units * this.#experts;
    if (weights.length % cells !== 0) {
      throw new MetricError(
        WHERE,
        `${weights.length} weights`,
        `rows × ${this.#units} units × ${this.#experts} experts`,
        'Give whole rows, unit by unit.',
      );
    }
    const values = toFloat64(weights);
    values.forEach((value, i) => {
      if (Number.isFinite(value) && (value === 0 || this.#sees[i % cells])) return;
      throw new MetricError(
        WHERE,
        `weights[${i}] = ${show(weights[i])}`,
        Number.isFinite(value) ? '0 where the unit sees nothing' : 'a finite number',
        'Compare sees with the visibility of the gate, and look for a diverged model.',
      );
    });
    addRows(this.#sums, values, this.#units, this.#experts);
    return this;
  }

  /** The statistics of all rows so far. NaN without rows. */
  compute(): GateSummary {
    const { rows, mean, squares, zeros, shares, entropy, silent } = this.#sums;
    const experts = this.#experts;
    const rowOf = <Value>(matrix: ArrayLike<Value>, u: number): Value[] =>
      Array.from({ length: experts }, (_, e) => matrix[u * experts + e]!);
    const units = Array.from({ length: this.#units }, (_, u): UnitGate => {
      const activeRows = rows - silent[u]!;
      return {
        mean: rowOf(mean, u).map((value) => (rows > 0 ? value : NaN)),
        deviation: rowOf(squares, u).map((value) => Math.sqrt(value / rows)),
        entropy: entropy[u]! / activeRows,
        silent: silent[u]! / rows,
        ...utilization(
          rowOf(shares, u).map((sum) => sum / activeRows),
          rowOf(this.#sees, u),
        ),
      };
    });
    const active = units.filter((unit) => !unit.shares.some(Number.isNaN));
    const indices = Array.from({ length: experts }, (_, e) => e);
    const meanShares = indices.map((e) => sum(active, (unit) => unit.shares[e]!) / active.length);
    const visibleToAny = indices.map((e) => units.some((_, u) => this.#sees[u * experts + e]!));
    const visible = this.#sees.filter(Boolean).length;
    const zeroCount = sum(zeros, (count, cell) => (this.#sees[cell] ? count : 0));
    return { rows, units, overall: utilization(meanShares, visibleToAny), sparsity: zeroCount / (rows * visible) };
  }
}

/**
 * Running statistics of a gate from rows of fusion weights: the mean and standard deviation of each weight, the entropy, how evenly
 * experts are used (utilization), and the share of zeros (sparsity). With the shares s_e = |w_e| / Σ |w| of a row,
 *
 *     entropy          = mean over rows of −Σ_e s_e log s_e
 *     effectiveExperts = exp(−Σ_e m_e log m_e), m_e the mean of s_e over rows
 *     variation        = deviation / mean of m over experts
 *
 * log effectiveExperts − entropy is the mutual information of expert and row. It is 0 for a gate with the same weights in all
 * rows. `variation` is the coefficient of variation of Shazeer et al.'s importance.
 *
 * Papers: Shazeer et al. 2017, "Outrageously large neural networks", eq. (6) and (7); Hill 1973, "Diversity and
 * evenness" (exp of the entropy as an effective number).
 *
 * @param shape `{ units, experts, sees }`
 * @returns a state with `update(weights)` and `compute()`
 * @throws MetricError when counts aren't integers >= 1, or `sees` has a wrong length
 * @example
 * gateStatistics({ units: 1, experts: 2 }).update([1, 0, 0, 1]).compute().units[0].effectiveExperts; // 2
 * gateStatistics({ units: 1, experts: 2 }).update([1, 0, 0, 1]).compute().units[0].entropy; // 0
 */
export const gateStatistics = (shape: GateShape): GateStatistics => new GateStatistics(shape);

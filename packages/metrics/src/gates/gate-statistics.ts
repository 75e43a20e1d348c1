import { requireArray, toFloat64 } from '../input/columns.ts';
import { MetricError, requireCount, show } from '../metric-error.ts';
import type { MaskArray, NumericArray } from '../metric.ts';
import { addRows, emptySums, entropyOf, joinSums, type WeightSums } from './weight-sums.ts';

export interface GateShape {
  readonly units: number;
  readonly experts: number;
  /** [units × experts], 1 where a unit can take from an expert; default: everywhere. The others' weights must be 0. */
  readonly sees?: MaskArray | undefined;
}

/** How evenly a group of experts is used. */
export interface Utilization {
  /** Mean share of each expert; they add up to 1. NaN without rows, or if all weights are 0. */
  readonly shares: readonly number[]; // [experts]
  /** exp of the entropy of the shares: 1 if one expert does all, their number if all do the same. */
  readonly effectiveExperts: number;
  /** Standard deviation / mean of the shares of the experts that can be seen; 0 if all do the same. */
  readonly variation: number;
}

export interface UnitGate extends Utilization {
  /** Over rows. */
  readonly mean: readonly number[]; // [experts]
  /** Over rows, divisor rows: 0 for a constant. */
  readonly deviation: readonly number[]; // [experts]
  /** The mean over rows of the entropy of |w| / Σ |w|, in nats: 0 if each row takes one expert. */
  readonly entropy: number;
  /** The share of rows in which all weights are 0; they count in no share and no entropy. */
  readonly silent: number;
}

export interface GateSummary {
  readonly rows: number;
  readonly units: readonly UnitGate[];
  /** Over all units together, each counting the same. */
  readonly overall: Utilization;
  /** The share of exact zeros among the weights that can be seen. */
  readonly sparsity: number;
}

const WHERE = 'gateStatistics';

const utilization = (shares: readonly number[], seen: readonly boolean[]): Utilization => {
  const visible = shares.filter((_, e) => seen[e]);
  const mean = visible.reduce((a, b) => a + b, 0) / visible.length;
  const deviation = Math.sqrt(visible.reduce((sum, share) => sum + (share - mean) ** 2, 0) / visible.length);
  const known = !shares.some(Number.isNaN);
  return { shares, effectiveExperts: known ? Math.exp(entropyOf(shares)) : NaN, variation: deviation / mean };
};

const readSees = (units: number, experts: number, sees: MaskArray | undefined): boolean[] => {
  if (sees === undefined) return new Array<boolean>(units * experts).fill(true);
  requireArray(WHERE, 'sees', sees);
  if (sees.length !== units * experts) {
    throw new MetricError(
      WHERE,
      `${sees.length} entries of sees`,
      `units × experts = ${units * experts}`,
      'Give one entry for each unit and expert, unit by unit.',
    );
  }
  return Array.from(sees, (seen) => Boolean(seen));
};

/** See {@link gateStatistics}. */
export class GateStatistics {
  readonly #units: number;
  readonly #experts: number;
  readonly #sees: readonly boolean[];
  #sums: WeightSums;

  constructor({ units, experts, sees }: GateShape) {
    requireCount(WHERE, 'units', units);
    requireCount(WHERE, 'experts', experts);
    this.#units = units;
    this.#experts = experts;
    this.#sees = readSees(units, experts, sees);
    this.#sums = emptySums(units, experts);
  }

  /**
   * Adds rows. A refused call changes nothing.
   *
   * @param weights [rows × units × experts], row by row; of a constant gate once is enough
   * @throws MetricError on another length, a weight that isn't finite, or one other than 0 that can't be seen
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

  /** Adds all rows of another state of the same shape; `other` stays as it is. */
  merge(other: GateStatistics): this {
    if (
      !(other instanceof GateStatistics) ||
      other.#units !== this.#units ||
      other.#experts !== this.#experts ||
      other.#sees.some((seen, i) => seen !== this.#sees[i])
    ) {
      throw new MetricError(
        WHERE,
        'a state of another gate',
        `one of ${this.#units} units × ${this.#experts} experts that sees the same`,
        'Create both states from one configuration.',
      );
    }
    joinSums(this.#sums, other.#sums);
    return this;
  }

  /** Forgets all rows. */
  reset(): this {
    this.#sums = emptySums(this.#units, this.#experts);
    return this;
  }

  /** The statistics of all rows so far; NaN where there are none. */
  compute(): GateSummary {
    const { rows, mean, squares, zeros, shares, entropy, silent } = this.#sums;
    const experts = this.#experts;
    const of = <Value>(all: ArrayLike<Value>, u: number): Value[] =>
      Array.from({ length: experts }, (_, e) => all[u * experts + e]!);
    const units = Array.from({ length: this.#units }, (_, u): UnitGate => {
      const speaking = rows - silent[u]!;
      return {
        mean: of(mean, u).map((value) => (rows > 0 ? value : NaN)),
        deviation: of(squares, u).map((value) => Math.sqrt(value / rows)),
        entropy: entropy[u]! / speaking,
        silent: silent[u]! / rows,
        ...utilization(
          of(shares, u).map((sum) => sum / speaking),
          of(this.#sees, u),
        ),
      };
    });
    const speaking = units.filter((unit) => !unit.shares.some(Number.isNaN));
    const together = Array.from(
      { length: experts },
      (_, e) => speaking.reduce((sum, unit) => sum + unit.shares[e]!, 0) / speaking.length,
    );
    const seenBySome = Array.from({ length: experts }, (_, e) =>
      units.some((_unit, u) => this.#sees[u * experts + e]!),
    );
    const visible = this.#sees.filter(Boolean).length;
    const zeroCount = zeros.reduce((sum, count, cell) => sum + (this.#sees[cell] ? count : 0), 0);
    return { rows, units, overall: utilization(together, seenBySome), sparsity: zeroCount / (rows * visible) };
  }
}

/**
 * What a gate does with its experts, from rows of fusion weights: mean and spread of each weight, how decided the gate
 * is (entropy), how evenly experts are used (utilization), and how much it leaves out (sparsity). With the shares
 * s_e = |w_e| / Σ |w| of a row,
 *
 *     entropy          = mean over rows of −Σ_e s_e log s_e
 *     effectiveExperts = exp(−Σ_e m_e log m_e), m_e the mean of s_e over rows
 *     variation        = deviation / mean of m over experts
 *
 * log effectiveExperts − entropy is what the choice of an expert tells about the row: 0 for a gate that takes the same
 * from all rows. `variation` is the coefficient of variation of Shazeer et al.'s importance.
 *
 * Papers: Shazeer et al. 2017, "Outrageously large neural networks", eq. (6) and (7); Hill 1973, "Diversity and
 * evenness" (exp of the entropy as an effective number).
 *
 * @param shape `{ units, experts, sees }`
 * @returns a state with `update(weights)`, `merge(other)`, `compute()`, `reset()`
 * @throws MetricError on counts that aren't whole numbers >= 1, or a `sees` of another length
 * @example
 * gateStatistics({ units: 1, experts: 2 }).update([1, 0, 0, 1]).compute().units[0].effectiveExperts; // 2
 * gateStatistics({ units: 1, experts: 2 }).update([1, 0, 0, 1]).compute().units[0].entropy; // 0
 */
export const gateStatistics = (shape: GateShape): GateStatistics => new GateStatistics(shape);

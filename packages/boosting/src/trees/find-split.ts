import type { BoostingSettings } from '../boosting-options.ts';
import { leafValue, type Constraints, type Limits } from './constraints.ts';
import { SUMS, type BinnedColumn, type Histogram } from './histogram.ts';
import { addBin, WORDS } from './tree.ts';

export interface Sums {
  /** The sum of the first derivatives of each output. */
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly count: number;
}

export interface Split {
  readonly column: number;
  /** Of all outputs, by their weights. */
  readonly gain: number;
  /** How much the split lowers the loss of each output. */
  readonly gains: Float64Array;
  readonly left: Uint32Array;
  readonly sums: Sums;
}

/** The least sum of second derivatives whatever the options say: differences of sums may be 1e-15 where nothing is left. */
const LEAST_HESSIAN = 1e-10;
/** Gains that differ by less than this share of the sides' scores are equal: the difference is rounding. */
const ROUNDING = 1e-12;
const ALL_BINS = Uint8Array.from({ length: 256 }, (_, bin) => bin);

/** G² / (H + λ). */
const leafScore = (gradient: number, hessian: number, lambda: number): number =>
  (gradient * gradient) / (hessian + lambda);

/** The same for a leaf of another value than −G / (H + λ). */
const valueScore = (gradient: number, hessian: number, lambda: number, value: number): number =>
  -(2 * gradient + (hessian + lambda) * value) * value;

export class SplitFinder {
  /** The columns that may be split. Undefined: all. */
  sampled: Uint32Array | undefined;
  readonly #leastHessian: number;
  /** For each column, the bin of missing values, and then all others. */
  readonly #missingFirst: readonly Uint8Array[];
  /** The scores of both sides of each split of a column, by the weights of the outputs. */
  readonly #sides = new Float64Array(256);
  /** Of the categories of a column. */
  readonly #ranks = new Float64Array(256);
  // The leaf, and the best of its splits so far.
  #limits: Limits | undefined;
  #histogram: readonly Histogram[] = [];
  #leaf: Sums = { gradients: new Float64Array(), hessians: new Float64Array(), count: 0 };
  #weights: readonly number[] = [];
  #score = 0;
  /** Of the column that is searched. */
  #direction = 0;
  #gain = 0;
  #column = -1;
  #bins: Uint8Array = ALL_BINS;
  #end = 0;
  #lambda = 0;

  constructor(
    private readonly columns: readonly BinnedColumn[],
    private readonly settings: BoostingSettings,
    private readonly constraints: Constraints | undefined,
  ) {
    this.#leastHessian = Math.max(settings.minSumHessianInLeaf, LEAST_HESSIAN);
    this.#missingFirst = columns.map(({ missing }) => ALL_BINS.map((bin) => (bin === 0 ? missing : bin - 1)));
  }

  /**
   * The split of a leaf that gains most, if there is one. Of equal ones, the first column's first.
   *
   * @param weights of the outputs' gains
   */
  best(
    histogram: readonly Histogram[],
    leaf: Sums,
    weights: readonly number[],
    limits: Limits | undefined,
  ): Split | undefined {
    this.#histogram = histogram;
    this.#limits = limits;
    this.#leaf = leaf;
    this.#weights = weights;
    this.#score = weights.reduce((sum, weight, o) => sum + weight * this.#scoreOf(o), 0);
    this.#gain = 0;
    this.#column = -1;
    for (const c of this.sampled ?? this.columns.keys()) {
      if (limits && !limits.groups.some((group) => group.has(c))) continue;
      const column = this.columns[c]!;
      this.#direction = this.constraints?.directionOf(c) ?? 0;
      if (!column.categorical) this.#numeric(column, c);
      else if (column.missing <= this.settings.maxCatToOnehot) this.#oneCategory(column, c);
      else this.#sortedCategories(column, c);
    }
    return this.#column < 0 ? undefined : this.#bestSplit();
  }

  /** How much the leaf lowers the loss of an output, twice. */
  #scoreOf(output: number): number {
    const hessian = this.#leaf.hessians[output]!;
    if (hessian < LEAST_HESSIAN) return 0;
    const [gradient, { lambdaL2 }] = [this.#leaf.gradients[output]!, this.settings];
    return this.#limits
      ? valueScore(gradient, hessian, lambdaL2, leafValue(gradient, hessian, lambdaL2, this.#limits))
      : leafScore(gradient, hessian, lambdaL2);
  }

  #bestSplit(): Split {
    const { missing, first } = this.columns[this.#column]!;
    const bins = this.#bins.subarray(0, this.#end);
    const left = new Uint32Array(WORDS);
    for (const bin of bins) addBin(left, 0, bin);
    const outputs = this.#histogram.length;
    const [gradients, hessians] = [new Float64Array(outputs), new Float64Array(outputs)];
    let count = 0;
    for (const bin of bins) {
      const at = (first + bin) * SUMS;
      const rows = this.#histogram[0]![at + 2]!;
      if (rows === 0) continue;
      count += rows;
      this.#histogram.forEach((sums, o) => {
        gradients[o]! += sums[at]!;
        hessians[o]! += sums[at + 1]!;
      });
    }
    // No missing value was seen here: new ones go with the most rows.
    const unseen = this.#histogram[0]![(first + missing) * SUMS + 2] === 0;
    if (unseen && count * 2 > this.#leaf.count) addBin(left, 0, missing);
    this.#direction = this.constraints?.directionOf(this.#column) ?? 0;
    const lambda = this.#lambda;
    const gains = gradients.map((gradient, o) => {
      const rest = this.#leaf.hessians[o]! - hessians[o]!;
      if (hessians[o]! < this.#leastHessian || rest < this.#leastHessian) return 0;
      const other = this.#leaf.gradients[o]! - gradient;
      return this.#sidesOf(gradient, hessians[o]!, other, rest, lambda) - this.#scoreOf(o);
    });
    return { column: this.#column, gain: this.#gain, gains, left, sums: { gradients, hessians, count } };
  }

  /** The scores of both sides of a split together. A split against the direction of its column lowers no loss. */
  #sidesOf(gradient: number, hessian: number, otherGradient: number, otherHessian: number, lambda: number): number {
    const limits = this.#limits;
    if (!limits) return leafScore(gradient, hessian, lambda) + leafScore(otherGradient, otherHessian, lambda);
    const left = leafValue(gradient, hessian, lambda, limits);
    const right = leafValue(otherGradient, otherHessian, lambda, limits);
    if ((right - left) * this.#direction < 0) return -Infinity;
    return valueScore(gradient, hessian, lambda, left) + valueScore(otherGradient, otherHessian, lambda, right);
  }

  /** Thresholds from the lowest bin on, with missing values on the right, and again on the left if there are any. */
  #numeric({ first, missing }: BinnedColumn, c: number): void {
    const hasMissing = this.#histogram[0]![(first + missing) * SUMS + 2]! > 0;
    const lambda = this.settings.lambdaL2;
    // Missing values against all others is a split too: the last threshold with missing values on the right.
    this.#try(c, ALL_BINS, hasMissing ? missing : missing - 1, lambda);
    if (!hasMissing) return;
    this.#try(c, this.#missingFirst[c]!, missing, lambda, 0, 2);
  }

  /** Each category against all others. Missing values are a category. */
  #oneCategory({ missing }: BinnedColumn, c: number): void {
    for (let bin = 0; bin <= missing; bin++) this.#try(c, ALL_BINS.subarray(bin), 1, this.settings.lambdaL2);
  }

  /**
   * Categories by gradient / hessian: the best partition is a prefix (Fisher 1958). Half of the order and of its reverse is tried (LightGBM).
   * Of several outputs, each has its order.
   */
  #sortedCategories({ first, missing }: BinnedColumn, c: number): void {
    const { catSmooth, catL2, lambdaL2, maxCatThreshold, minDataPerGroup } = this.settings;
    this.#histogram.forEach((sums, o) => {
      const used: number[] = [];
      const ranks = this.#ranks;
      const rowsPerHessian = this.#leaf.count / this.#leaf.hessians[o]!;
      for (let bin = 0; bin <= missing; bin++) {
        const at = (first + bin) * SUMS;
        const hessian = sums[at + 1]!;
        if (!(sums[at + 2]! > 0 && hessian >= LEAST_HESSIAN && hessian * rowsPerHessian >= catSmooth)) continue;
        ranks[bin] = sums[at]! / (hessian + catSmooth);
        used.push(bin);
      }
      used.sort((a, b) => ranks[a]! - ranks[b]! || a - b);
      const [group, lambda] = [minDataPerGroup, lambdaL2 + catL2];
      const half = (used.length + 1) >> 1;
      this.#try(c, new Uint8Array(used), Math.min(half, maxCatThreshold), lambda, group);
      // The reverse stops one earlier, as in scikit-learn: half of the categories against the others was tried.
      this.#try(c, new Uint8Array(used).reverse(), Math.min(half - 1, maxCatThreshold), lambda, group);
    });
  }

  /**
   * Tries the splits of a column where the first of some bins go left, and notes the best split so far.
   *
   * @param to the most bins that go left @param from the fewest
   * @param group how many rows there are at least between two splits that are tried
   */
  #try(c: number, bins: Uint8Array, to: number, lambda: number, group = 0, from = 1): void {
    const isOne = this.#histogram.length === 1;
    for (let o = 0; !isOne && o < this.#histogram.length; o++) this.#addOutput(o, c, bins, to, lambda);
    this.#noteBest(c, bins, to, lambda, group, from, isOne);
  }

  /** Adds the scores of both sides of each split. An output that a side knows too little of gains nothing. */
  #addOutput(output: number, c: number, bins: Uint8Array, to: number, lambda: number): void {
    const { first } = this.columns[c]!;
    const sums = this.#histogram[output]!;
    const sides = this.#sides;
    const weight = this.#weights[output]!;
    const none = this.#scoreOf(output);
    const allGradient = this.#leaf.gradients[output]!;
    const allHessian = this.#leaf.hessians[output]!;
    let gradient = 0;
    let hessian = 0;
    for (let i = 0; i < to; i++) {
      const at = (first + bins[i]!) * SUMS;
      gradient += sums[at]!;
      hessian += sums[at + 1]!;
      const rest = allHessian - hessian;
      const isKnown = hessian >= this.#leastHessian && rest >= this.#leastHessian;
      const score = isKnown ? this.#sidesOf(gradient, hessian, allGradient - gradient, rest, lambda) : none;
      sides[i] = (output === 0 ? 0 : sides[i]!) + weight * score;
    }
  }

  /** @param isOne whether there is one output, whose scores are computed here */
  #noteBest(
    c: number,
    bins: Uint8Array,
    to: number,
    lambda: number,
    group: number,
    from: number,
    isOne: boolean,
  ): void {
    const { minDataInLeaf, minGainToSplit } = this.settings;
    const leastHessian = this.#leastHessian;
    const isLimited = this.#limits !== undefined;
    const sums = this.#histogram[0]!;
    const sides = this.#sides;
    const none = this.#score;
    const weight = this.#weights[0]!;
    const allGradient = this.#leaf.gradients[0]!;
    const allHessian = this.#leaf.hessians[0]!;
    const all = this.#leaf.count;
    const most = all - Math.max(group, minDataInLeaf);
    let least = Math.max(this.#gain, minGainToSplit);
    let gradient = 0;
    let hessian = 0;
    let count = 0;
    let tried = 0;
    let best = -1;
    const start = this.columns[c]!.first * SUMS;
    const isInOrder = bins === ALL_BINS;
    for (let i = 0; i < to; i++) {
      const at = start + (isInOrder ? i : bins[i]!) * SUMS;
      const rows = sums[at + 2]!;
      if (rows === 0) continue;
      gradient += sums[at]!;
      hessian += sums[at + 1]!;
      count += rows;
      if (count < minDataInLeaf) continue;
      if (count > most) break;
      let both: number;
      if (isOne) {
        const rest = allHessian - hessian;
        if (hessian < leastHessian || rest < leastHessian) continue;
        const other = allGradient - gradient;
        const score = isLimited
          ? this.#sidesOf(gradient, hessian, other, rest, lambda)
          : leafScore(gradient, hessian, lambda) + leafScore(other, rest, lambda);
        both = weight * score;
      } else {
        both = sides[i]!;
        if (both === none) continue;
      }
      if (count - tried < group) continue;
      tried = count;
      const gain = both - none;
      if (gain <= least || gain <= least + ROUNDING * both || i + 1 < from) continue;
      least = gain;
      best = i;
    }
    if (best < 0) return;
    this.#gain = least;
    this.#column = c;
    this.#bins = bins;
    this.#end = best + 1;
    this.#lambda = lambda;
  }
}

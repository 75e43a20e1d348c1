import type { Settings } from '../options.ts';
import { leafValue, type Constraints, type Limits } from './constraints.ts';
import { SUMS, type BinnedColumn, type Histogram } from './histogram.ts';
import { addBin, WORDS } from './tree.ts';

export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
}

export interface Split {
  readonly column: number;
  readonly gain: number;
  readonly left: Uint32Array;
  readonly sums: Sums;
}

/** The least sum of second derivatives whatever the options say: differences of sums may be 1e-15 where nothing is left. */
const LEAST_HESSIAN = 1e-10;
/** Gains that differ by less than this share of the sides' scores are equal: the difference is rounding. */
const ROUNDING = 1e-12;

/** How much a leaf lowers the loss, twice: G² / (H + λ). */
export const leafScore = (gradient: number, hessian: number, lambda: number): number =>
  (gradient * gradient) / (hessian + lambda);

/** The same for a leaf of another value than −G / (H + λ). */
const scoreOf = (gradient: number, hessian: number, lambda: number, value: number): number =>
  -(2 * gradient + (hessian + lambda) * value) * value;

export class SplitFinder {
  /** The columns that may be split. Undefined: all. */
  sampled: Uint32Array | undefined;
  readonly #leastHessian: number;
  #limits: Limits | undefined;
  /** Of the leaf that is split. */
  #score = 0;
  /** Of the column that is searched. */
  #direction = 0;
  // The best split that was found so far.
  #gain = 0;
  #column = -1;
  #categories: readonly number[] | undefined;
  #threshold = 0;
  #missingLeft = false;
  #gradient = 0;
  #hessian = 0;
  #count = 0;

  constructor(
    private readonly columns: readonly BinnedColumn[],
    private readonly settings: Settings,
    private readonly constraints: Constraints | undefined,
  ) {
    this.#leastHessian = Math.max(settings.minSumHessianInLeaf, LEAST_HESSIAN);
  }

  /** The split of a leaf that lowers the loss most, if there is one. Of equal ones, the first column's first. */
  best(histogram: Histogram, leaf: Sums, limits: Limits | undefined): Split | undefined {
    this.#gain = 0;
    this.#column = -1;
    this.#limits = limits;
    const { gradient, hessian } = leaf;
    const { lambdaL2 } = this.settings;
    this.#score = limits
      ? scoreOf(gradient, hessian, lambdaL2, leafValue(gradient, hessian, lambdaL2, limits))
      : leafScore(gradient, hessian, lambdaL2);
    for (const c of this.sampled ?? this.columns.keys()) {
      if (limits && !limits.groups.some((group) => group.has(c))) continue;
      const column = this.columns[c]!;
      this.#direction = this.constraints?.directionOf(c) ?? 0;
      if (!column.categorical) this.#numeric(histogram, leaf, column, c);
      else if (column.missing <= this.settings.maxCatToOnehot) this.#oneCategory(histogram, leaf, column, c);
      else this.#sortedCategories(histogram, leaf, column, c);
    }
    if (this.#column < 0) return undefined;
    const { missing, first } = this.columns[this.#column]!;
    const left = new Uint32Array(WORDS);
    if (this.#categories) for (const bin of this.#categories) addBin(left, 0, bin);
    else for (let bin = 0; bin <= this.#threshold; bin++) addBin(left, 0, bin);
    if (!this.#categories && this.#missingLeft) addBin(left, 0, missing);
    // No missing value was seen here: new ones go with the most rows.
    const unseen = histogram[(first + missing) * SUMS + 2] === 0;
    if (unseen && this.#count * 2 > leaf.count) addBin(left, 0, missing);
    const sums = { gradient: this.#gradient, hessian: this.#hessian, count: this.#count };
    return { column: this.#column, gain: this.#gain, left, sums };
  }

  /** Thresholds from the lowest bin on, with missing values on the right, and again on the left if there are any. */
  #numeric(histogram: Histogram, leaf: Sums, { first, missing }: BinnedColumn, c: number): void {
    const last = (first + missing) * SUMS;
    const sides = histogram[last + 2]! > 0 ? 2 : 1;
    for (let side = 0; side < sides; side++) {
      let gradient = side === 0 ? 0 : histogram[last]!;
      let hessian = side === 0 ? 0 : histogram[last + 1]!;
      let count = side === 0 ? 0 : histogram[last + 2]!;
      // Missing values against all others is a split too: the last threshold with missing values on the right.
      const thresholds = sides === 2 && side === 0 ? missing : missing - 1;
      for (let bin = 0, at = first * SUMS; bin < thresholds; bin++, at += SUMS) {
        if (histogram[at + 2] === 0) continue;
        gradient += histogram[at]!;
        hessian += histogram[at + 1]!;
        count += histogram[at + 2]!;
        if (!this.#try(leaf, gradient, hessian, count, this.settings.lambdaL2)) continue;
        this.#column = c;
        this.#categories = undefined;
        this.#threshold = bin;
        this.#missingLeft = side === 1;
      }
    }
  }

  /** Each category against all others. Missing values are a category. */
  #oneCategory(histogram: Histogram, leaf: Sums, { first, missing }: BinnedColumn, c: number): void {
    for (let bin = 0, at = first * SUMS; bin <= missing; bin++, at += SUMS) {
      const [gradient, hessian, count] = [histogram[at]!, histogram[at + 1]!, histogram[at + 2]!];
      if (!this.#try(leaf, gradient, hessian, count, this.settings.lambdaL2)) continue;
      this.#column = c;
      this.#categories = [bin];
    }
  }

  /** Categories by gradient / hessian: the best partition is a prefix (Fisher 1958). Half of the order and of its reverse is tried (LightGBM). */
  #sortedCategories(histogram: Histogram, leaf: Sums, { first, missing }: BinnedColumn, c: number): void {
    const { catSmooth, catL2, lambdaL2, maxCatThreshold, minDataInLeaf, minDataPerGroup } = this.settings;
    const used: number[] = [];
    const rowsPerHessian = leaf.count / leaf.hessian;
    for (let bin = 0; bin <= missing; bin++) {
      const at = (first + bin) * SUMS;
      if (histogram[at + 2]! > 0 && histogram[at + 1]! * rowsPerHessian >= catSmooth) used.push(bin);
    }
    const rank = (bin: number) => histogram[(first + bin) * SUMS]! / (histogram[(first + bin) * SUMS + 1]! + catSmooth);
    used.sort((a, b) => rank(a) - rank(b) || a - b);
    const half = (used.length + 1) >> 1;
    // The reverse stops one earlier, as in scikit-learn: half of the categories against the others was tried.
    for (const [order, most] of [
      [used, half],
      [used.toReversed(), half - 1],
    ] as const) {
      let [gradient, hessian, count, group] = [0, 0, 0, 0];
      for (let i = 0; i < Math.min(most, maxCatThreshold); i++) {
        const at = (first + order[i]!) * SUMS;
        gradient += histogram[at]!;
        hessian += histogram[at + 1]!;
        count += histogram[at + 2]!;
        group += histogram[at + 2]!;
        if (count < minDataInLeaf || hessian < this.#leastHessian) continue;
        if (leaf.count - count < minDataPerGroup) break;
        if (group < minDataPerGroup) continue;
        group = 0;
        if (!this.#try(leaf, gradient, hessian, count, lambdaL2 + catL2)) continue;
        this.#column = c;
        this.#categories = order.slice(0, i + 1);
      }
    }
  }

  /** Whether a split is the best so far, which is then noted. */
  #try(leaf: Sums, gradient: number, hessian: number, count: number, lambda: number): boolean {
    const { minDataInLeaf, minGainToSplit } = this.settings;
    if (count < minDataInLeaf || leaf.count - count < minDataInLeaf) return false;
    const rest = leaf.hessian - hessian;
    if (hessian < this.#leastHessian || rest < this.#leastHessian) return false;
    const other = leaf.gradient - gradient;
    const sides = this.#limits
      ? this.#limitedSides(this.#limits, gradient, hessian, other, rest, lambda)
      : leafScore(gradient, hessian, lambda) + leafScore(other, rest, lambda);
    const gain = sides - this.#score;
    if (gain <= Math.max(this.#gain, minGainToSplit) + ROUNDING * sides) return false;
    this.#gain = gain;
    this.#gradient = gradient;
    this.#hessian = hessian;
    this.#count = count;
    return true;
  }
  /** The scores of both sides of a split together. A split against the direction of its column lowers no loss. */
  #limitedSides(
    limits: Limits,
    gradient: number,
    hessian: number,
    otherGradient: number,
    otherHessian: number,
    lambda: number,
  ): number {
    const left = leafValue(gradient, hessian, lambda, limits);
    const right = leafValue(otherGradient, otherHessian, lambda, limits);
    if ((right - left) * this.#direction < 0) return -Infinity;
    return scoreOf(gradient, hessian, lambda, left) + scoreOf(otherGradient, otherHessian, lambda, right);
  }
}

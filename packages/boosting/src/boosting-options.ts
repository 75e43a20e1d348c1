import { notNegative, optional, positive, wholeNumber, type Options } from '@polytask/components';

/** How trees are grown. The names are those of LightGBM, and so are the defaults. */
export interface GrowthOptions {
  /** The most leaves of a tree. Default 31. */
  readonly numLeaves?: number;
  /** The most splits between the root and a leaf. Default: no limit. */
  readonly maxDepth?: number;
  /** The fewest rows in a leaf. Default 20. */
  readonly minDataInLeaf?: number;
  /** The smallest sum of second derivatives in a leaf. Default 0.001. */
  readonly minSumHessianInLeaf?: number;
  /** A split must gain more than this. Default 0. */
  readonly minGainToSplit?: number;
  /** Added to the sum of second derivatives of a leaf: its value is nearer to 0. Default 0. */
  readonly lambdaL2?: number;
  /** A column of at most this many bins is split into one category and all others. Default 4. */
  readonly maxCatToOnehot?: number;
  /**
   * Categories with fewer rows in a leaf, by their share of the second derivatives, are not sorted. It is added to the divisor
   * of the others. Default 10.
   */
  readonly catSmooth?: number;
  /** Added to `lambdaL2` when categories are sorted. Default 10. */
  readonly catL2?: number;
  /** The most categories on one side of a split. Default 32. */
  readonly maxCatThreshold?: number;
  /** Sorted categories are compared in steps of at least this many rows. Default 100. */
  readonly minDataPerGroup?: number;
}

/** How many trees there are, and how they are grown. */
export interface BoostingOptions extends GrowthOptions {
  /** The most rounds. Each round adds one tree, or one for each class. Default 100. */
  readonly numIterations?: number;
  /** Factor of each tree. Default 0.1. */
  readonly learningRate?: number;
  /** Stops after this many rounds without a smaller loss on the validation rows. Default 10. */
  readonly earlyStoppingRounds?: number;
}

/** A check for each option, for programs that have these options among their own. */
export const boostingOptions: Options<BoostingOptions> = {
  numIterations: optional(wholeNumber(1)),
  learningRate: optional(positive),
  earlyStoppingRounds: optional(wholeNumber(1)),
  numLeaves: optional(wholeNumber(2)),
  maxDepth: optional(wholeNumber(1)),
  minDataInLeaf: optional(wholeNumber(1)),
  minSumHessianInLeaf: optional(notNegative),
  minGainToSplit: optional(notNegative),
  lambdaL2: optional(notNegative),
  maxCatToOnehot: optional(wholeNumber(0)),
  catSmooth: optional(notNegative),
  catL2: optional(notNegative),
  maxCatThreshold: optional(wholeNumber(1)),
  minDataPerGroup: optional(wholeNumber(1)),
};

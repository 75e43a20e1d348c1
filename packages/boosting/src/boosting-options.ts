import {
  listOf,
  notNegative,
  number,
  oneOf,
  optional,
  positive,
  record,
  text,
  wholeNumber,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';

/** Whether a prediction may only rise with a column, only fall, or both. */
export const direction = oneOf(-1, 0, 1);

const fraction = number({ above: 0, to: 1 });

export const samplingOptions = {
  /** The share of the rows that trees are grown on, chosen at random. */
  baggingFraction: optional(fraction, 1),
  /** Rows are chosen anew after this many rounds. (In LightGBM the default is 0, which switches `baggingFraction` off.) */
  baggingFreq: optional(wholeNumber(1), 1),
  /** The share of the columns that each tree may split, chosen at random. */
  featureFraction: optional(fraction, 1),
};

export const boostingOptions = {
  /** The most rounds. Each round adds one tree, or one for each class. */
  numIterations: optional(wholeNumber(1), 100),
  /** Factor of each tree. */
  learningRate: optional(positive, 0.1),
  /** Stops after this many rounds without a smaller loss on the validation rows. */
  earlyStoppingRounds: optional(wholeNumber(1), 10),
  /** The most leaves of a tree. */
  numLeaves: optional(wholeNumber(2), 31),
  /** The most splits between the root and a leaf. Without it, there is no limit. */
  maxDepth: optional(wholeNumber(1)),
  /** The fewest rows in a leaf. */
  minDataInLeaf: optional(wholeNumber(1), 20),
  /** The smallest sum of second derivatives in a leaf. Of several tasks, only those that have it on both sides count in the gain of a split. */
  minSumHessianInLeaf: optional(notNegative, 1e-3),
  /** A split must gain more than this. */
  minGainToSplit: optional(notNegative, 0),
  /** Added to the sum of second derivatives of a leaf: its value is nearer to 0. */
  lambdaL2: optional(notNegative, 0),
  /**
   * By the name of a column of numbers: 1 if the prediction never falls when the column rises, −1 if it never rises. Default: none. It is LightGBM's
   * method `basic`.
   */
  monotoneConstraints: optional(record(direction)),
  /**
   * Groups of names of columns, or of features of a model: all splits above a leaf are of one group. Those in no group are a further group. Default: all may
   * occur together.
   */
  interactionConstraints: optional(listOf(listOf(text, 1), 1)),
  /**
   * Draws the value of a leaf to that of its parent, whose share is `pathSmooth` / (n + `pathSmooth`) for n rows with a label. Default: 0, and
   * 10 for trees of several tasks.
   */
  pathSmooth: optional(notNegative),
  /** A column of at most this many bins is split into one category and all others. */
  maxCatToOnehot: optional(wholeNumber(), 4),
  /**
   * Categories with fewer rows in a leaf, by their share of the second derivatives, are not sorted. It is added to the divisor
   * of the others.
   */
  catSmooth: optional(notNegative, 10),
  /** Added to `lambdaL2` when categories are sorted. */
  catL2: optional(notNegative, 10),
  /** The most categories on one side of a split. */
  maxCatThreshold: optional(wholeNumber(1), 32),
  /** Sorted categories are compared in steps of at least this many rows. */
  minDataPerGroup: optional(wholeNumber(1), 100),
  ...samplingOptions,
};

/** How many trees there are, and how they are grown. The names are those of LightGBM, and so are the defaults. */
export interface BoostingOptions extends Written<typeof boostingOptions>, FromDescription {}

export type BoostingSettings = Read<typeof boostingOptions>;

/**
 * The definition of a type of prediction. All other code asks it, and never for the type. The names are those of the prediction's numbers,
 * such as its classes; a type of one number has none.
 */
export interface PredictionType {
  /** The words of a model card: `the probability of yes`. */
  readonly description: string;
  /** One of its numbers, for the documentation of a service. */
  readonly number: string;
  /** Whether its numbers are probabilities. Otherwise they are in the label's own unit. */
  readonly isProbability: boolean;
  /** Whether the names exclude each other, so that the likeliest one is the prediction. */
  readonly isExclusive?: true;
  /** What the names are called in an exported file. */
  readonly namesKey?: 'classes' | 'labels' | 'times' | 'quantiles';
  /** What `calibrate` can give it: an interval around its number, or a set of classes or of yes and no. */
  readonly interval?: 'range' | 'set';
  /** Whether means of predictions and labels are compared. */
  readonly hasMean: boolean;
  /** The `task` of the metrics that fit it. */
  readonly measuredAs: 'binary' | 'multiclass' | 'multi-label' | 'regression' | 'quantiles' | 'survival';
  /** The name of the metric that divides the error by that of the best constant prediction. */
  normalizedLoss(names: readonly string[]): string;
  /** The best constant prediction, and its error by `normalizedLoss`: `worse than predicting the base rate (NE 1.02)`. */
  readonly constant: { readonly name: string; error(normalizedLoss: string): string };
  /** The axes of its calibration plot. */
  readonly axes: { readonly x: string; readonly y: string };
}

const entropyRatio = (value: string) => `log loss ${value} times their entropy`;

/** A type of prediction is one entry here. */
export const PREDICTION_TYPES = {
  probability: {
    description: 'the probability of yes',
    number: 'The probability of yes.',
    isProbability: true,
    interval: 'set',
    hasMean: true,
    measuredAs: 'binary',
    normalizedLoss: () => 'ne',
    constant: { name: 'base rate', error: (value) => `NE ${value}` },
    axes: { x: 'predicted probability', y: 'share of positives' },
  },
  probabilities: {
    description: 'a probability for each class',
    number: 'The probability of this class.',
    isProbability: true,
    isExclusive: true,
    namesKey: 'classes',
    interval: 'set',
    hasMean: true,
    measuredAs: 'multiclass',
    normalizedLoss: () => 'ne',
    constant: { name: 'class shares', error: entropyRatio },
    axes: { x: 'probability of the likeliest class', y: 'share of right rows' },
  },
  labels: {
    description: 'a probability for each label',
    number: 'The probability that the row has this label.',
    isProbability: true,
    namesKey: 'labels',
    hasMean: true,
    measuredAs: 'multi-label',
    normalizedLoss: () => 'ne',
    constant: { name: 'shares of the labels', error: entropyRatio },
    axes: { x: 'predicted probability of a label', y: 'share of rows that have it' },
  },
  number: {
    description: "a number in the label's unit",
    number: "In the label's own unit.",
    isProbability: false,
    interval: 'range',
    hasMean: true,
    measuredAs: 'regression',
    normalizedLoss: () => 'nrmse',
    constant: { name: 'mean', error: (value) => `RMSE ${value} times the deviation` },
    axes: { x: 'mean prediction', y: 'mean label' },
  },
  quantiles: {
    description: "quantiles in the label's unit",
    number: "The quantile of this share, in the label's own unit.",
    isProbability: false,
    namesKey: 'quantiles',
    hasMean: false,
    measuredAs: 'quantiles',
    normalizedLoss: (levels) => `pinballRatio@${levels.join(':')}`,
    constant: { name: 'quantiles of the labels', error: (value) => `pinball loss ${value} times theirs` },
    axes: { x: 'mean of the middle quantile', y: 'mean label' },
  },
  survival: {
    description: 'the probabilities of no event up to each cut point',
    number: 'The probability of no event up to this time.',
    isProbability: true,
    namesKey: 'times',
    hasMean: false,
    measuredAs: 'survival',
    normalizedLoss: (times) => `survivalRatio@${times.join(':')}`,
    constant: { name: 'life table of the rows', error: (value) => `log loss ${value} times its` },
    axes: { x: 'predicted survival up to the middle cut point', y: 'share of the life table' },
  },
} as const satisfies Readonly<Record<string, PredictionType>>;

/** A row's prediction. Numbers are in the unit of the label. */
export interface Prediction {
  /**
   * Probabilities of classes add up to 1, and those of labels don't exclude one another. `survival`: the probabilities of no event up to
   * each of several times, which fall. `quantiles` ascend.
   */
  readonly type: keyof typeof PREDICTION_TYPES;
  /** The names of its numbers: classes, labels, times, or the shares of quantiles, such as `0.9`. Without them, it is one number. */
  readonly names?: readonly string[];
}

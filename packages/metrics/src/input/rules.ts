/** The allowed values of labels, predictions and weights, with the words of their error messages. */

export interface ValueRule {
  /** The argument's name in error messages. */
  readonly noun: string;
  readonly accepts: (value: number, classes: number) => boolean;
  readonly expected: (classes: number) => string;
  readonly remedy: string;
}

/**
 * The allowed rounding error of probabilities, which are clamped to [0, 1]. Float32 kernels with approximate exponentials may
 * leave [0, 1] a little. A larger error is a mistake, usually logits.
 */
const PROBABILITY_SLACK = 1e-6;

export const labelRules = {
  binary: {
    noun: 'labels',
    accepts: (value) => value === 0 || value === 1,
    expected: () => '0 or 1',
    remedy: 'Convert the labels to 0 and 1, and leave rows without a label out with { mask }.',
  },
  class: {
    noun: 'labels',
    accepts: (value, classes) => Number.isInteger(value) && value >= 0 && value < classes,
    expected: (classes) => `a class index from 0 to ${classes - 1}`,
    remedy:
      'Encode classes as 0, 1, 2, … in the order of the prediction columns, and leave rows without a label out with { mask }.',
  },
  mask: {
    noun: 'labels',
    accepts: (value, labels) => Number.isInteger(value) && value >= 0 && value < 2 ** labels,
    expected: (labels) => `a bit mask from 0 to ${2 ** labels - 1}`,
    remedy: 'Give each row the sum of 2^i over its labels i, and leave rows without a label out with { mask }.',
  },
  time: {
    noun: 'labels',
    accepts: Number.isFinite,
    expected: () => 'a finite time, negative for a censored row',
    remedy: 'Leave rows without a label out with { mask }.',
  },
  value: {
    noun: 'labels',
    accepts: Number.isFinite,
    expected: () => 'a finite number',
    remedy: 'Leave rows without a label out with { mask }.',
  },
  gain: {
    noun: 'labels',
    accepts: (value) => value >= 0 && value < Infinity,
    expected: () => 'a finite gain >= 0',
    remedy: 'Shift the gains to start at 0, and leave rows without a label out with { mask }.',
  },
  grade: {
    noun: 'labels',
    accepts: (value) => value >= 0 && value <= 1000,
    expected: () => 'a relevance grade from 0 to 1000 (its gain is 2^grade - 1)',
    remedy: "Use small grades such as 0–4, or { gain: 'linear' } for gains like watch time.",
  },
} as const satisfies Record<string, ValueRule>;

export const predictionRules = {
  score: {
    noun: 'scores',
    accepts: Number.isFinite,
    expected: () => 'a finite number',
    remedy: 'Look for a diverged model, or leave the row out with { mask }.',
  },
  probability: {
    noun: 'probabilities',
    accepts: (value) => value >= -PROBABILITY_SLACK && value <= 1 + PROBABILITY_SLACK,
    expected: () => 'a probability in [0, 1]',
    remedy:
      'Apply a sigmoid or softmax to logits; if it is NaN, look for a diverged model or leave the row out with { mask }.',
  },
  value: {
    noun: 'predictions',
    accepts: Number.isFinite,
    expected: () => 'a finite number',
    remedy: 'Look for a diverged model, or leave the row out with { mask }.',
  },
} as const satisfies Record<string, ValueRule>;

/** The labels and predictions of metrics of a task. */
export const taskRules = {
  binary: { label: 'binary', prediction: 'probability' },
  multiclass: { label: 'class', prediction: 'probability' },
  'multi-label': { label: 'mask', prediction: 'probability' },
  regression: { label: 'value', prediction: 'value' },
  survival: { label: 'time', prediction: 'probability' },
  ranking: { label: 'grade', prediction: 'score' },
  quantiles: { label: 'value', prediction: 'value' },
} as const;

export const weightRule: ValueRule = {
  noun: 'weights',
  accepts: (value) => value >= 0 && value < Infinity,
  expected: () => 'a finite weight >= 0',
  remedy: 'A weight of 0 drops a row; no weight may be negative.',
};

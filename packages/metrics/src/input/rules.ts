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

const rule = (
  noun: string,
  accepts: ValueRule['accepts'],
  expected: ValueRule['expected'],
  remedy: string,
): ValueRule => ({ noun, accepts, expected, remedy });

const finite = () => 'a finite number';
const MASK = 'Leave rows without a label out with { mask }.';
const DIVERGED = 'Look for a diverged model, or leave the row out with { mask }.';

export const labelRules = {
  binary: rule(
    'labels',
    (value) => value === 0 || value === 1,
    () => '0 or 1',
    'Convert the labels to 0 and 1, and leave rows without a label out with { mask }.',
  ),
  class: rule(
    'labels',
    (value, classes) => Number.isInteger(value) && value >= 0 && value < classes,
    (classes) => `a class index from 0 to ${classes - 1}`,
    'Encode classes as 0, 1, 2, … in the order of the prediction columns, and leave rows without a label out with { mask }.',
  ),
  mask: rule(
    'labels',
    (value, labels) => Number.isInteger(value) && value >= 0 && value < 2 ** labels,
    (labels) => `a bit mask from 0 to ${2 ** labels - 1}`,
    'Give each row the sum of 2^i over its labels i, and leave rows without a label out with { mask }.',
  ),
  time: rule('labels', Number.isFinite, () => 'a finite time, negative for a censored row', MASK),
  value: rule('labels', Number.isFinite, finite, MASK),
  gain: rule(
    'labels',
    (value) => value >= 0 && value < Infinity,
    () => 'a finite gain >= 0',
    'Shift the gains to start at 0, and leave rows without a label out with { mask }.',
  ),
  grade: rule(
    'labels',
    (value) => value >= 0 && value <= 1000,
    () => 'a relevance grade from 0 to 1000 (its gain is 2^grade - 1)',
    "Use small grades such as 0–4, or { gain: 'linear' } for gains like watch time.",
  ),
} as const;

export const predictionRules = {
  score: rule('scores', Number.isFinite, finite, DIVERGED),
  probability: rule(
    'probabilities',
    (value) => value >= -PROBABILITY_SLACK && value <= 1 + PROBABILITY_SLACK,
    () => 'a probability in [0, 1]',
    'Apply a sigmoid or softmax to logits; if it is NaN, look for a diverged model or leave the row out with { mask }.',
  ),
  value: rule('predictions', Number.isFinite, finite, DIVERGED),
} as const;

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

/** The rules of a task. Those of another package are of numbers, of which the metric says how many. */
export const rulesOf = (
  task: string,
): { readonly label: keyof typeof labelRules; readonly prediction: keyof typeof predictionRules } =>
  Object.hasOwn(taskRules, task) ? taskRules[task as keyof typeof taskRules] : taskRules.regression;

export const weightRule = rule(
  'weights',
  (value) => value >= 0 && value < Infinity,
  () => 'a finite weight >= 0',
  'A weight of 0 drops a row; no weight may be negative.',
);

import {
  custom,
  either,
  fail,
  fits,
  listOf,
  notNegative,
  number,
  optional,
  shown,
  string,
  type FromDescription,
  type ReadValue,
} from '@polytask/components';
import { declareTask, registerTask, type TaskOptions, type TaskWith } from './task-kind.ts';

const values = either(string, number(), listOf(either(string, number()), 1));

/** The value or values of a column that mean yes. */
export const positiveValue = custom<ReadValue<typeof values>>((value, where) => {
  if (fits(values, value)) return;
  fail({
    expected: `a text, a number, or a list of them for ${where}`,
    received: shown(value),
    fix: "Write the value as the column has it: positive: 'yes'.",
  });
}, values.shape);

/** The least distance of a share from 0 and 1. Without it, a class without rows would start at −∞. */
const LEAST = 1e-5;

/** The logarithm of a share, or of a weight, that may be 0. */
export const logOf = (share: number): number => Math.log(Math.max(LEAST, share));

const options = {
  /** The value or values of the column that mean yes. Without it, 1, '1', true and 'true' do. */
  positive: optional(positiveValue),
  /** For a column of numbers: numbers above this threshold mean yes. It excludes `positive`. */
  above: optional(number()),
  /** The weight of a positive row in the log loss. Without it, all rows have weight 1. */
  positiveWeight: optional(notNegative),
};

/** A yes/no task: one logit. The prediction is the probability of yes, [rows]. A fit finds the share of yes. */
export interface BinaryTask extends TaskWith<typeof options>, FromDescription {
  readonly kind: 'binary';
}

/**
 * Declares a yes/no task.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example binary({ from: 'marital', positive: 'Never married' })
 */
export const binary = (given?: TaskOptions<typeof options>): BinaryTask => declareTask('binary', given);

registerTask(
  'binary',
  ({ positive, above, positiveWeight }) => ({
    label: { type: 'yes-no', positive, above },
    prediction: { type: 'probability' },
    loss: () => ({
      kind: 'loss',
      name: 'binary-cross-entropy',
      config: positiveWeight === undefined ? {} : { positiveWeight },
    }),
    predict: (z, { sigmoid }) => sigmoid(z),
    logits: true,
    boosting: { objective: 'binary', weight: (yes) => (yes ? (positiveWeight ?? 1) : 1) },
    start({ rate: found }) {
      const rate = Math.min(1 - LEAST, Math.max(LEAST, found));
      return [Math.log(rate / (1 - rate)) + logOf(positiveWeight ?? 1)];
    },
    metrics: ['auc', 'ne', 'logLoss', 'calibration', 'accuracy'],
  }),
  {
    options,
    check({ loss, positiveWeight }, where) {
      if (loss === undefined || positiveWeight === undefined) return;
      fail({
        expected: `positiveWeight or a loss for ${where}`,
        received: 'both',
        fix: `Give the weight to the loss: binaryCrossEntropy({ positiveWeight: ${positiveWeight} }).`,
      });
    },
    description: 'yes or no',
    package: '@polytask/core',
  },
);

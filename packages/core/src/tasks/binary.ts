import { custom, fail, notNegative, number, optional, shown } from '@polytask/components';
import { declareTask, registerTask, type OptionsOf } from './task-kind.ts';
import type { Task } from './tasks.ts';

/** A yes/no task: one logit. The prediction is the probability of yes, [rows]. */
export interface BinaryTask extends Task {
  readonly kind: 'binary';
  /** The value or values of the column that mean yes. Default: 1, '1', true and 'true'. */
  positive?: string | number | readonly (string | number)[];
  /** For a column of numbers: numbers above this threshold mean yes. It excludes `positive`. */
  above?: number;
  /** The weight of a positive row in the log loss. Default 1. */
  positiveWeight?: number;
  /** Set when a schema is fitted: the share of yes among the labeled training rows, by sample weight. */
  readonly fitted?: { readonly rate: number };
}

/** Checks the value or values of a column that mean yes. */
const WORDS = 'a text, a number, or a list of them';

export const positiveValue = custom<NonNullable<BinaryTask['positive']>>(
  (value, where) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.length > 0 && values.every((each) => typeof each === 'string' || Number.isFinite(each))) return;
    fail({
      expected: `${WORDS} for ${where}`,
      received: shown(value),
      fix: "Write the value as the column has it: positive: 'yes'.",
    });
  },
  { words: WORDS },
);

/** The least distance of a share from 0 and 1. Without it, a class without rows would start at −∞. */
const LEAST = 1e-5;

/** The logarithm of a share, or of a weight, that may be 0. */
export const logOf = (share: number): number => Math.log(Math.max(LEAST, share));

/**
 * Declares a yes/no task.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example binary({ from: 'marital', positive: 'Never married' })
 */
export const binary = (options: OptionsOf<BinaryTask> = {}): BinaryTask => declareTask('binary', options) as BinaryTask;

registerTask<BinaryTask>('binary', {
  options: () => ({
    positive: optional(positiveValue),
    above: optional(number()),
    positiveWeight: optional(notNegative),
  }),
  check({ loss, positiveWeight }, where) {
    if (loss === undefined || positiveWeight === undefined) return;
    fail({
      expected: `positiveWeight or a loss for ${where}`,
      received: 'both',
      fix: `Give the weight to the loss: binaryCrossEntropy({ positiveWeight: ${positiveWeight} }).`,
    });
  },
  label: ({ positive, above }) => ({ type: 'yes-no', positive, above }),
  prediction: () => ({ type: 'probability' }),
  loss: ({ positiveWeight }) => ({
    kind: 'loss',
    name: 'binary-cross-entropy',
    config: positiveWeight === undefined ? {} : { positiveWeight },
  }),
  predict: (z, { sigmoid }) => sigmoid(z),
  logits: true,
  boosting: ({ positiveWeight = 1 }) => ({ objective: 'binary', weight: (yes) => (yes ? positiveWeight : 1) }),
  start({ fitted, positiveWeight = 1 }) {
    if (!fitted) return undefined;
    const rate = Math.min(1 - LEAST, Math.max(LEAST, fitted.rate));
    return [Math.log(rate / (1 - rate)) + logOf(positiveWeight)];
  },
  metrics: () => ['auc', 'ne', 'logLoss', 'calibration', 'accuracy'],
  description: 'yes or no',
  package: '@polytask/core',
});

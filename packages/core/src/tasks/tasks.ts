import { checkOptions } from '../specs/options.ts';
import { taskOptions } from './task-options.ts';

/** What all kinds of task have in common. Everything in a task is data: it is saved with the model. */
interface TaskOptions {
  /** The column that the label is read from; the task's own name by default. */
  from?: string;
  /** A column with a sample weight for each row, for this task alone. */
  weightFrom?: string;
  /** How much the task's loss counts in the sum over tasks. Default 1. */
  weight?: number;
}

/** Yes or no: one logit, sigmoid cross-entropy. Predicted: the probability of yes, [rows]. */
export interface BinaryTask extends TaskOptions {
  readonly kind: 'binary';
  /** The value, or values, of the column that mean yes. By default 1, '1', true and 'true' do. */
  positive?: string | number | readonly (string | number)[];
  /** A column of numbers: those above this one mean yes (`above: 0` for a time that was spent at all). Not beside `positive`. */
  above?: number;
  /** How many times a positive row counts in the loss. Default 1. */
  positiveWeight?: number;
  /** Found by a schema's fit: the share of yes among the labeled training rows, by sample weight. */
  readonly fitted?: { readonly rate: number };
}

/** One of several classes: a logit each, softmax cross-entropy. Predicted: probabilities, row-major [rows × classes]. */
export interface MulticlassTask extends TaskOptions {
  readonly kind: 'multiclass';
  /** The classes in the order of the logits. Found in the training rows when left out. */
  classes?: readonly string[];
  /** Found by a schema's fit: the share of each class among the labeled training rows, by sample weight. */
  readonly fitted?: { readonly shares: readonly number[] };
}

/**
 * A number: one output. Predicted: that number in the label's own unit, [rows].
 *
 * The model trains on standardized labels, (y − mean) / deviation, so that the unit of a label decides nothing: not how
 * much the task counts beside others, not which learning rate fits. Encoded rows hold standardized labels; predictions
 * and metrics are in the label's unit.
 */
export interface RegressionTask extends TaskOptions {
  readonly kind: 'regression';
  /**
   * Of the standardized label, so its unit is (squared) deviations. Default `squared`. `huber` is squared up to an error of
   * one deviation and linear beyond.
   */
  loss?: 'squared' | 'absolute' | 'huber';
  /** `standard` (default): standardized by the labeled training rows. `none`: trained on as it is. */
  scale?: 'standard' | 'none';
  /** Takes sign(y)·log(1 + |y|) first: for amounts and durations with a long tail. Default false. */
  log?: boolean;
  /** Found by a schema's fit: mean and deviation of the label, after the logarithm, by sample weight. */
  readonly fitted?: { readonly mean: number; readonly deviation: number };
}

export type Task = BinaryTask | MulticlassTask | RegressionTask;

/** Tasks by name; the names are the keys of predictions, losses and metrics. */
export type Tasks = Readonly<Record<string, Task>>;

/**
 * A task of yes and no.
 *
 * @throws PolytaskError for an unknown option, with the one that was meant, or a value that doesn't fit
 * @example binary({ from: 'marital', positive: 'Never married' })
 */
export function binary(options: Omit<BinaryTask, 'kind' | 'fitted'> = {}): BinaryTask {
  checkOptions(options, taskOptions.binary, 'binary');
  return { kind: 'binary', ...options };
}

/**
 * A task of several classes.
 *
 * @throws PolytaskError as {@link binary} does
 * @example multiclass({ classes: ['low', 'middle', 'high'] })
 */
export function multiclass(options: Omit<MulticlassTask, 'kind' | 'fitted'> = {}): MulticlassTask {
  checkOptions(options, taskOptions.multiclass, 'multiclass');
  return { kind: 'multiclass', ...options };
}

/**
 * A task of numbers.
 *
 * @throws PolytaskError as {@link binary} does
 * @example regression({ from: 'watch_seconds', log: true })
 */
export function regression(options: Omit<RegressionTask, 'kind' | 'fitted'> = {}): RegressionTask {
  checkOptions(options, taskOptions.regression, 'regression');
  return { kind: 'regression', ...options };
}

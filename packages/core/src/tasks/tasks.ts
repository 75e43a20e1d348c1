import { checkOptions } from '../specs/options.ts';
import type { Spec } from '../specs/registry.ts';
import { taskOptions } from './task-options.ts';

/** The options of every kind of task. A task is plain data and is saved with the model. */
interface TaskOptions {
  /** The column of the label. Default: the task's name. */
  from?: string;
  /** A column with a sample weight per row. It applies to this task only. */
  weightFrom?: string;
  /** The weight of the task's loss in the sum over tasks. Default 1. */
  weight?: number;
}

/** A yes/no task: one logit. The prediction is the probability of yes, [rows]. */
export interface BinaryTask extends TaskOptions {
  readonly kind: 'binary';
  /** The value or values of the column that mean yes. Default: 1, '1', true and 'true'. */
  positive?: string | number | readonly (string | number)[];
  /** For a column of numbers: numbers above this threshold mean yes. It excludes `positive`. */
  above?: number;
  /** The weight of a positive row in the log loss. Default 1. */
  positiveWeight?: number;
  /** A loss for yes/no labels, or its name, such as `focal({ gamma: 2 })`. Default: the log loss. */
  loss?: string | Spec<'loss'>;
  /** Set when a schema is fitted: the share of yes among the labeled training rows, by sample weight. */
  readonly fitted?: { readonly rate: number };
}

/**
 * A task of several classes: one logit per class. The prediction is the probabilities of the
 * classes, row-major [rows × classes].
 */
export interface MulticlassTask extends TaskOptions {
  readonly kind: 'multiclass';
  /** The classes in the order of the logits. Default: the classes of the training rows. */
  classes?: readonly string[];
  /** A loss for classes, or its name, such as `crossEntropy({ smoothing: 0.1 })`. Default: the cross-entropy. */
  loss?: string | Spec<'loss'>;
  /** Set when a schema is fitted: the share of each class among the labeled training rows, by sample weight. */
  readonly fitted?: { readonly shares: readonly number[] };
}

/**
 * A task that predicts a number: one output. The prediction is in the label's own unit, [rows].
 *
 * The model is trained on standardized labels, (y − mean) / deviation. The unit of a label therefore changes neither the
 * task's weight nor the learning rate that fits. Encoded rows hold standardized labels; predictions and metrics are in the
 * label's unit.
 */
export interface RegressionTask extends TaskOptions {
  readonly kind: 'regression';
  /** A loss on the standardized label, or its name, such as `huber` or `quantile({ q: 0.9 })`. Default `squared`. */
  loss?: string | Spec<'loss'>;
  /** `standard` (default): labels are standardized by the labeled training rows. `none`: labels stay as they are. */
  scale?: 'standard' | 'none';
  /** Applies sign(y)·log(1 + |y|) first. Use it for amounts and durations with a long tail. Default false. */
  log?: boolean;
  /** Set when a schema is fitted: mean and deviation of the label, after the logarithm, by sample weight. */
  readonly fitted?: { readonly mean: number; readonly deviation: number };
}

/** A task of any kind. */
export type Task = BinaryTask | MulticlassTask | RegressionTask;

/** Tasks by name. The names are the keys of predictions, losses and metrics. */
export type Tasks = Readonly<Record<string, Task>>;

/**
 * Declares a yes/no task.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example binary({ from: 'marital', positive: 'Never married' })
 */
export function binary(options: Omit<BinaryTask, 'kind' | 'fitted'> = {}): BinaryTask {
  checkOptions(options, taskOptions.binary(), 'binary');
  return { kind: 'binary', ...options };
}

/**
 * Declares a task of several classes.
 *
 * @throws PolytaskError as {@link binary} does
 * @example multiclass({ classes: ['low', 'middle', 'high'] })
 */
export function multiclass(options: Omit<MulticlassTask, 'kind' | 'fitted'> = {}): MulticlassTask {
  checkOptions(options, taskOptions.multiclass(), 'multiclass');
  return { kind: 'multiclass', ...options };
}

/**
 * Declares a task that predicts a number.
 *
 * @throws PolytaskError as {@link binary} does
 * @example regression({ from: 'watch_seconds', log: true })
 */
export function regression(options: Omit<RegressionTask, 'kind' | 'fitted'> = {}): RegressionTask {
  checkOptions(options, taskOptions.regression(), 'regression');
  return { kind: 'regression', ...options };
}

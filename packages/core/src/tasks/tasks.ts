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
}

/** One of several classes: a logit each, softmax cross-entropy. Predicted: probabilities, row-major [rows × classes]. */
export interface MulticlassTask extends TaskOptions {
  readonly kind: 'multiclass';
  /** The classes in the order of the logits. Found in the training rows when left out. */
  classes?: readonly string[];
}

/** A number: one output. Predicted: that number, [rows]. */
export interface RegressionTask extends TaskOptions {
  readonly kind: 'regression';
  /** Default `squared`. `huber` is squared up to an error of 1 and linear beyond. */
  loss?: 'squared' | 'absolute' | 'huber';
}

export type Task = BinaryTask | MulticlassTask | RegressionTask;

/** Tasks by name; the names are the keys of predictions, losses and metrics. */
export type Tasks = Readonly<Record<string, Task>>;

/** @example binary({ from: 'marital', positive: 'Never married' }) */
export const binary = (options: Omit<BinaryTask, 'kind'> = {}): BinaryTask => ({ kind: 'binary', ...options });

/** @example multiclass({ classes: ['low', 'middle', 'high'] }) */
export const multiclass = (options: Omit<MulticlassTask, 'kind'> = {}): MulticlassTask => ({
  kind: 'multiclass',
  ...options,
});

/** @example regression({ from: 'weeks_worked', loss: 'huber' }) */
export const regression = (options: Omit<RegressionTask, 'kind'> = {}): RegressionTask => ({
  kind: 'regression',
  ...options,
});

/**
 * The contract of all metrics. A `Metric` creates `MetricState`s. `update` adds rows to a state, `merge` adds another
 * state, and `compute` returns the metric. In exact arithmetic the value doesn't depend on the order of rows or merges, nor
 * on how updates divide the rows. A row of weight 2 counts as two rows, and a row of weight 0 as none. NDCG is the
 * exception: its weights belong to whole queries.
 */

/** Numbers in a row: a typed array, or a plain array of numbers. */
export type NumericArray = ArrayLike<number>;

/** Selects the rows with 1 or true. The values of the other rows are ignored, so their labels may be NaN. */
export type MaskArray = ArrayLike<number | boolean>;

/** The group (user, session, query) of each row. */
export type GroupArray = ArrayLike<number | string>;

/** Weights and mask of rows. Each array has one entry for each row. */
export interface RowOptions {
  /** Sample weights, finite and >= 0. Default: 1 each. */
  readonly weights?: NumericArray | undefined;
  readonly mask?: MaskArray | undefined;
}

export interface UpdateOptions extends RowOptions {
  /** Required by grouped metrics (`gauc`, `ndcg@k`). Other metrics ignore it. */
  readonly groups?: GroupArray | undefined;
}

/**
 * Which values are better: higher ones, lower ones, or those closer to 1 on either side, as for the calibration ratio.
 */
export type Direction = 'higher' | 'lower' | 'one';

/**
 * What a metric reads: labels 0 and 1, class indices, bit masks of labels, numbers, numbers beside several predicted quantiles, times
 * that are negative where censored, or relevance grades.
 */
export type MetricTask =
  | ('binary' | 'multiclass' | 'multi-label' | 'regression' | 'quantiles' | 'survival' | 'ranking')
  | `${string}/${string}`; // a type of prediction that another package defines

/** The options of a metric. */
export type MetricOptions = Readonly<Record<string, number | string>>;

/** A state as plain JSON, for checkpoints and other processes. */
export interface MetricSnapshot {
  readonly metric: string;
  readonly task: MetricTask;
  readonly config: MetricOptions;
  /** The sums of a metric that doesn't keep rows. */
  readonly sums?: readonly number[];
  /** The number of classes of a multiclass metric, or of labels. */
  readonly classes?: number;
  /** The rows of a metric that keeps all rows. */
  readonly rows?: {
    readonly labels: readonly number[];
    readonly predictions: readonly number[];
    readonly weights: readonly number[];
    readonly groups?: readonly (number | string)[];
  };
}

/** The rows of a metric so far, as sums or as a list. */
export interface MetricState {
  /**
   * Adds rows. A call that throws doesn't change the state.
   *
   * @param labels [rows]
   * @param predictions [rows], or [rows × classes], [rows × labels], [rows × quantiles] or [rows × times] row-major
   * @throws MetricError when lengths don't match or a value isn't allowed
   */
  update(labels: NumericArray, predictions: NumericArray, options?: UpdateOptions): this;
  /**
   * Adds the rows of another state. `other` doesn't change.
   *
   * @throws MetricError when `other` has another metric or configuration
   */
  merge(other: MetricState): this;
  /** The metric of all rows so far. NaN where the metric isn't defined, such as without rows. */
  compute(): number;
  /** The state as plain JSON, for `restore` of the metric. */
  toJSON(): MetricSnapshot;
}

/** A metric in one configuration, such as accuracy with threshold .7. */
export interface Metric<Name extends string = string> {
  /** The name in scores and options. Metrics of several tasks can share it, such as `accuracy`. */
  readonly name: Name;
  /** Other names by which it is found, such as those of papers. */
  readonly also: readonly string[];
  /** The name in tables: `AUC`. */
  readonly label: string;
  /** Decimals in tables. */
  readonly digits: number;
  /** When a comparison measures it: for each task that it fits, for numbers that are trained on their logarithm, or when it is named. */
  readonly measured: 'always' | 'log' | 'named';
  readonly direction: Direction;
  /** The smallest and the largest value. Readers of results refuse a value outside of them. */
  readonly range: readonly [number, number];
  readonly task: MetricTask;
  /** In a line, for lists: `the mean of (p − y)²`. */
  readonly description?: string;
  /** Authors, venue, year. */
  readonly paper?: string;
  /** Whether `update` needs `groups`. */
  readonly grouped: boolean;
  readonly config: MetricOptions;
  /**
   * For a metric that compares errors with those of the best constant prediction: that prediction, of rows with these labels.
   *
   * @param width the number of predictions of a row
   */
  readonly constant?: (labels: NumericArray, weights: NumericArray, width: number) => number[];
  /** A state without rows. */
  create(): MetricState;
  /** The state that `toJSON` wrote. @throws MetricError when the snapshot is damaged or of another metric */
  restore(snapshot: MetricSnapshot): MetricState;
}

/**
 * Whether a value is strictly better than another. NaN is worse than any number. Use it for early stopping and model
 * selection.
 *
 * @param direction `metric.direction`
 * @example
 * isBetter('lower', 0.31, 0.35); // true
 * isBetter('one', 1.2, 0.9); // false
 * isBetter('higher', 0.5, NaN); // true
 */
export const isBetter = (direction: Direction, value: number, than: number): boolean => {
  if (Number.isNaN(value) || Number.isNaN(than)) return !Number.isNaN(value);
  if (direction === 'one') return Math.abs(value - 1) < Math.abs(than - 1);
  return direction === 'higher' ? value > than : value < than;
};

/**
 * The contract of all metrics: a `Metric` makes `MetricState`s, and a state is fed (`update`), joined (`merge`) and
 * read (`compute`). In exact arithmetic the result doesn't depend on how the rows were cut into updates, on their
 * order, or on the order of merges. For every metric but NDCG, whose weights belong to whole queries, a row of weight
 * 2 counts as two rows and a row of weight 0 as none.
 */

/** Numbers in a row: a typed array, or a plain array of numbers. */
export type NumericArray = ArrayLike<number>;

/** Keeps the rows with 1 or true. The values of the other rows are not looked at: NaN labels are fine there. */
export type MaskArray = ArrayLike<number | boolean>;

/** The group (user, session, query) of each row. */
export type GroupArray = ArrayLike<number | string>;

/** What is known of rows besides labels and predictions; each array has one entry a row. */
export interface RowOptions {
  /** Sample weights, finite and >= 0. Default: 1 each. */
  readonly weights?: NumericArray | undefined;
  readonly mask?: MaskArray | undefined;
}

export interface UpdateOptions extends RowOptions {
  /** Needed by grouped metrics (`gauc`, `ndcg@k`), ignored by all others. */
  readonly groups?: GroupArray | undefined;
}

/**
 * Where the better values lie: up, down, or nearer to 1 (on either side), as for the calibration ratio.
 */
export type Direction = 'higher' | 'lower' | 'one';

/** What a metric reads: labels of 0/1, class indices, real values, or graded relevance. */
export type MetricTask = 'binary' | 'multiclass' | 'regression' | 'ranking';

export type MetricConfig = Readonly<Record<string, number | string>>;

/** A state as plain JSON, to send between processes or keep in a checkpoint. */
export interface MetricSnapshot {
  readonly metric: string;
  readonly config: MetricConfig;
  /** Of metrics that need only sums. */
  readonly sums?: readonly number[];
  /** The number of classes that a multiclass metric has met. */
  readonly classes?: number;
  /** Of metrics that need all rows. */
  readonly rows?: {
    readonly labels: readonly number[];
    readonly predictions: readonly number[];
    readonly weights: readonly number[];
    readonly groups?: readonly (number | string)[];
  };
}

export interface MetricState {
  /**
   * Adds rows. A refused call changes nothing.
   *
   * @param labels [rows]
   * @param predictions [rows], or [rows × classes] row-major for multiclass metrics
   * @throws MetricError on a length mismatch or a value that the metric can't take
   */
  update(labels: NumericArray, predictions: NumericArray, options?: UpdateOptions): this;
  /** Adds everything that another state of the same metric and configuration has seen; `other` stays as it is. */
  merge(other: MetricState): this;
  /** The metric of all rows so far; NaN where it isn't defined (no rows, one class: see each metric). */
  compute(): number;
  /** Forgets everything. */
  reset(): this;
  toJSON(): MetricSnapshot;
}

export interface Metric {
  readonly name: string;
  readonly direction: Direction;
  readonly task: MetricTask;
  /** Whether `update` needs `groups`. */
  readonly grouped: boolean;
  readonly config: MetricConfig;
  create(): MetricState;
  /** The state that `toJSON` wrote. @throws MetricError if it is another metric's or damaged */
  restore(snapshot: MetricSnapshot): MetricState;
}

/**
 * Whether a value is strictly better than another; an undefined one (NaN) is worse than any number. For early
 * stopping and model selection.
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

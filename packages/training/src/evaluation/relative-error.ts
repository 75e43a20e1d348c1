import type { Task } from '@polytask/core';
import { metrics, type MetricState } from '@polytask/metrics';

/** The metric of the relative error, for each kind of task. */
const MEASURES = { binary: metrics.ne, multiclass: metrics.multiclassNe, regression: metrics.nrmse } as const;

/**
 * Accumulates the relative error of a task: its error divided by the error of the best constant prediction. 0 is perfect. 1 is
 * no better than predicting the base rate, the shares of the classes, or the mean. The error has no unit.
 *
 * | kind | relative error |
 * |---|---|
 * | binary | NE: log loss over the entropy of the base rate |
 * | multiclass | log loss over the entropy of the classes' shares |
 * | regression | RMSE over the labels' standard deviation; with `log`, of the logarithms |
 *
 * Rows count by their sample weight, and positive rows also by `positiveWeight`.
 */
export class RelativeError {
  readonly #task: Task;
  readonly #state: MetricState;

  constructor(task: Task) {
    this.#task = task;
    this.#state = MEASURES[task.kind].create();
  }

  /**
   * @param labels the encoded labels
   * @param outputs probabilities, or the standardized outputs of a regression
   */
  update(
    labels: ArrayLike<number>,
    outputs: ArrayLike<number>,
    weights: Float32Array | Float64Array,
    mask?: Uint8Array,
  ): void {
    const positive = this.#task.kind === 'binary' ? (this.#task.positiveWeight ?? 1) : 1;
    const rowWeights =
      positive === 1 ? weights : weights.map((weight, row) => (labels[row] === 1 ? weight * positive : weight));
    this.#state.update(labels, outputs, { weights: rowWeights, mask });
  }

  /** The relative error. NaN when no row has a label, or all labels are equal. */
  compute(): number {
    return this.#state.compute();
  }
}

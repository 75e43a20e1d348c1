import { predictionTypeOf, lossOf, type Task } from '@polytask/core';
import { findMetric, type Metric, type MetricState } from '@polytask/metrics';

/** The metric of a task's normalized loss, in the encoding that the model is trained on. */
export function normalizedMetric(task: Task): Metric {
  const { measuredAs, names, normalizedLoss } = predictionTypeOf(task);
  return findMetric(normalizedLoss(names), measuredAs);
}

/**
 * Accumulates the normalized loss of a task: its error divided by the error of the best constant prediction. 0 is perfect. 1 is
 * no better than predicting the base rate, the shares of the classes, or the mean. The error has no unit.
 *
 * | kind | normalized loss |
 * |---|---|
 * | binary | NE: log loss over the entropy of the base rate |
 * | multiclass | log loss over the entropy of the classes' shares |
 * | several labels | mean log loss over the mean entropy of the labels' shares |
 * | quantiles | pinball loss over that of the labels' quantiles |
 * | survival | negative log likelihood over that of the rows' life table |
 * | regression | RMSE over the labels' standard deviation; with `log`, of the logarithms |
 *
 * Rows count by their sample weight, and positive rows also by the `positiveWeight` of their loss.
 */
export class NormalizedLoss {
  readonly #task: Task;
  readonly #state: MetricState;

  constructor(task: Task) {
    this.#task = task;
    this.#state = normalizedMetric(task).create();
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
    const { positiveWeight: positive = 1 } = lossOf(this.#task).config as { positiveWeight?: number };
    const rowWeights =
      positive === 1 ? weights : weights.map((weight, row) => (labels[row] === 1 ? weight * positive : weight));
    this.#state.update(labels, outputs, { weights: rowWeights, mask });
  }

  /** The normalized loss. NaN when no row has a label, or all labels are equal. */
  compute(): number {
    return this.#state.compute();
  }
}

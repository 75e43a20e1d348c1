import { predictionOf, type Task } from '@polytask/core';
import { lossOf } from '@polytask/core/internal';
import { metrics, pinballRatioAt, survivalRatioAt, type Metric, type MetricState } from '@polytask/metrics';
import { measuredAs } from './metric-table.ts';

/** The metric of the normalized loss, by what a task is measured as. */
const MEASURES = {
  binary: metrics.ne,
  multiclass: metrics.multiclassNe,
  'multi-label': metrics.multiLabelNe,
  regression: metrics.nrmse,
} as const;

function measureOf(task: Task): Metric {
  const measured = measuredAs(task);
  if (measured === 'survival') return survivalRatioAt(cutPoints(task));
  return measured === 'quantiles' ? pinballRatioAt(quantileLevels(task)) : MEASURES[measured];
}

/** The shares of the quantiles that a task predicts. */
export function quantileLevels(task: Task): number[] {
  const prediction = predictionOf(task);
  return prediction.type === 'quantiles' ? prediction.names.map(Number) : [];
}

/** The times up to which a task predicts survival. */
export function cutPoints(task: Task): number[] {
  const prediction = predictionOf(task);
  return prediction.type === 'survival' ? prediction.names.map(Number) : [];
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
    this.#state = measureOf(task).create();
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

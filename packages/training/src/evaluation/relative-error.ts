import type { Task } from '@polytask/core';
import { metrics, type MetricState } from '@polytask/metrics';

/** What each kind of task is measured by where tasks of different kinds are compared. */
const MEASURES = { binary: metrics.ne, multiclass: metrics.multiclassNe, regression: metrics.nrmse } as const;

/**
 * A task's relative error while rows come in: how much is left of what the best constant prediction gets wrong. 0 is
 * perfect, 1 no better than predicting the base rate, the classes' shares or the mean, and no label's unit decides it.
 *
 * | kind | relative error |
 * |---|---|
 * | binary | NE: log loss over the entropy of the base rate |
 * | multiclass | log loss over the entropy of the classes' shares |
 * | regression | RMSE over the labels' standard deviation; with `log`, of the logarithms |
 *
 * All of the evaluated rows. Rows count by their sample weight, and positive ones by `positiveWeight`.
 */
export class RelativeError {
  readonly #task: Task;
  readonly #state: MetricState;

  constructor(task: Task) {
    this.#task = task;
    this.#state = MEASURES[task.kind].create();
  }

  /**
   * @param labels as encoded rows have them
   * @param outputs probabilities, or a regression's outputs before they are brought to the label's unit
   */
  update(labels: Float32Array, outputs: ArrayLike<number>, weights: Float32Array, mask: Uint8Array): void {
    const positive = this.#task.kind === 'binary' ? (this.#task.positiveWeight ?? 1) : 1;
    const counted =
      positive === 1 ? weights : weights.map((weight, row) => (labels[row] === 1 ? weight * positive : weight));
    this.#state.update(labels, outputs as Float32Array, { weights: counted, mask });
  }

  /** NaN where the rows have no label, or labels that are all the same. */
  compute(): number {
    return this.#state.compute();
  }
}

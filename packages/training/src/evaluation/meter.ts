import { decodeLabel, PolytaskError, type Batch, type Task } from '@polytask/core';
import type { GroupArray, Metric, MetricState } from '@polytask/metrics';
import type { PredictionCollector } from './predictions.ts';
import { RelativeError } from './relative-error.ts';
import { rowLoss } from './row-losses.ts';
import { toScores } from './to-scores.ts';

/** One task's loss and metrics while rows come in. Metrics see labels and predictions in the label's own unit. */
export class Meter {
  readonly #states: readonly (readonly [key: string, state: MetricState])[];
  readonly #relative: RelativeError;
  #loss = 0;
  #weight = 0;

  constructor(
    readonly task: string,
    readonly kind: Task,
    metrics: Readonly<Record<string, Metric>>,
    readonly collector?: PredictionCollector,
  ) {
    this.#states = Object.entries(metrics).map(([key, metric]) => [key, metric.create()] as const);
    this.#relative = new RelativeError(kind);
  }

  /** @param logits row-major, [batch] or [batch × classes] */
  update(batch: Batch, logits: Float32Array, groups: GroupArray | undefined): void {
    const { kind } = this;
    const [encoded, weights] = [batch.labels[this.task]!, batch.weights[this.task]!];
    this.#checkOutputs(logits);
    const mask = Uint8Array.from(weights, (weight) => (weight > 0 ? 1 : 0));
    for (let row = 0; row < batch.size; row++) {
      if (mask[row] === 0) continue; // the label may be anything
      this.#loss += weights[row]! * rowLoss(kind, logits, row, encoded[row]!);
      this.#weight += weights[row]!;
    }
    const predictions = toScores(kind, logits);
    this.#checkOutputs(predictions);
    const isNumber = kind.kind === 'regression';
    this.#relative.update(encoded, isNumber ? logits : predictions, weights, mask);
    const labels = isNumber ? Float64Array.from(encoded, (label) => decodeLabel(kind, label)) : encoded;
    for (const [, state] of this.#states) state.update(labels, predictions, { weights, mask, groups });
    this.collector?.add(labels, predictions, weights);
  }

  scores(): Record<string, number> {
    const metrics = this.#states.map(([key, state]) => [key, state.compute()]);
    const relativeError = this.#relative.compute();
    return { loss: this.#loss / this.#weight, relativeError, ...Object.fromEntries(metrics) };
  }

  #checkOutputs(values: Float32Array | Float64Array): void {
    const bad = values.find((value) => !Number.isFinite(value));
    if (bad === undefined) return;
    throw new PolytaskError(
      `Task "${this.task}" has the output ${bad}: the model has diverged, or an input isn't finite. ` +
        'Lower the learning rate or clip the gradients, and look at the features.',
    );
  }
}

import { PolytaskError, type Batch, type Task } from '@polytask/core';
import type { GroupArray, Metric, MetricState } from '@polytask/metrics';
import { rowLoss } from './row-losses.ts';
import { toScores } from './to-scores.ts';

/** One task's loss and metrics while rows come in. */
export class Meter {
  readonly #states: readonly (readonly [key: string, state: MetricState])[];
  #loss = 0;
  #weight = 0;

  constructor(
    readonly task: string,
    readonly kind: Task,
    metrics: Readonly<Record<string, Metric>>,
  ) {
    this.#states = Object.entries(metrics).map(([key, metric]) => [key, metric.create()] as const);
  }

  /** @param logits row-major, [batch] or [batch × classes] */
  update(batch: Batch, logits: Float32Array, groups: GroupArray | undefined): void {
    const [labels, weights] = [batch.labels[this.task]!, batch.weights[this.task]!];
    this.#checkOutputs(logits);
    const mask = Uint8Array.from(weights, (weight) => (weight > 0 ? 1 : 0));
    for (let row = 0; row < batch.size; row++) {
      if (mask[row] === 0) continue; // the label may be anything
      this.#loss += weights[row]! * rowLoss(this.kind, logits, row, labels[row]!);
      this.#weight += weights[row]!;
    }
    const predictions = toScores(this.kind, logits);
    for (const [, state] of this.#states) state.update(labels, predictions, { weights, mask, groups });
  }

  scores(): Record<string, number> {
    const metrics = this.#states.map(([key, state]) => [key, state.compute()]);
    return { loss: this.#loss / this.#weight, ...Object.fromEntries(metrics) };
  }

  #checkOutputs(logits: Float32Array): void {
    const bad = logits.find((value) => !Number.isFinite(value));
    if (bad === undefined) return;
    throw new PolytaskError(
      `Task "${this.task}" has the output ${bad}: the model has diverged, or an input isn't finite. ` +
        'Lower the learning rate or clip the gradients, and look at the features.',
    );
  }
}

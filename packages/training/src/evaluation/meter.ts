import { decodeLabel, doubleMath, lossOf, rowLossOf, type Batch, type RowLoss, type Task } from '@polytask/core';
import type { GroupArray, Metric, MetricState } from '@polytask/metrics';
import { Diverged } from '../diverged.ts';
import type { PredictionCollector } from './predictions.ts';
import { RelativeError } from './relative-error.ts';

/** Accumulates the loss and the metrics of one task. Metrics read labels and predictions in the unit of the label. */
export class Meter {
  readonly #states: readonly (readonly [key: string, state: MetricState])[];
  readonly #relative: RelativeError;
  #rowLoss: RowLoss | undefined;
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

  /** @param logits [batch], or row-major [batch × classes] */
  update(batch: Batch, logits: Float32Array, groups: GroupArray | undefined): void {
    const { kind } = this;
    const [encoded, weights] = [batch.labels[this.task]!, batch.weights[this.task]!];
    this.#checkOutputs(logits);
    const mask = Uint8Array.from(weights, (weight) => (weight > 0 ? 1 : 0));
    const width = logits.length / batch.size;
    this.#rowLoss ??= rowLossOf(lossOf(kind), width);
    const several = new Array<number>(width);
    for (let row = 0; row < batch.size; row++) {
      if (mask[row] === 0) continue; // the label is missing
      for (let i = 0; i < width; i++) several[i] = logits[row * width + i]!;
      this.#loss +=
        weights[row]! * (this.#rowLoss(width === 1 ? several[0]! : several, encoded[row]!, doubleMath) as number);
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
    throw new Diverged(
      `Task "${this.task}" has the output ${bad}: the model has diverged, or an input isn't finite. ` +
        'Lower the learning rate or clip the gradients, and look at the features.',
    );
  }
}

const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

/**
 * The predictions of a task's logits, in double precision and in the same order: probabilities of yes, probabilities of the
 * classes, or numbers in the unit of the label.
 */
function toScores(task: Task, logits: Float32Array): Float64Array {
  if (task.kind === 'regression') return Float64Array.from(logits, (value) => decodeLabel(task, value));
  if (task.kind === 'binary') return Float64Array.from(logits, sigmoid);
  const width = task.classes!.length;
  const scores = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += width) {
    let top = -Infinity;
    for (let c = from; c < from + width; c++) top = Math.max(top, logits[c]!);
    let sum = 0;
    for (let c = from; c < from + width; c++) sum += scores[c] = Math.exp(logits[c]! - top);
    for (let c = from; c < from + width; c++) scores[c] = scores[c]! / sum;
  }
  return scores;
}

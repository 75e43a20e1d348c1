import {
  labelsOf,
  doubleMath,
  encodedScores,
  labelDecoder,
  labelOf,
  rowLossOf,
  groupLossOf,
  lossOf,
  type Batch,
  type GroupMean,
  type RowLoss,
  type Task,
} from '@polytask/core';
import type { GroupArray, Metric, MetricState } from '@polytask/metrics';
import { Diverged } from '../diverged.ts';
import type { PredictionCollector } from './predictions.ts';
import { NormalizedLoss } from './normalized-loss.ts';

interface MeterOptions {
  /** Of the model, which are averaged. Default 1. */
  readonly members?: number;
  /** Collects the predictions. */
  readonly collector?: PredictionCollector | undefined;
}

/** Accumulates the loss and the metrics of one task. Metrics read labels and predictions in the unit of the label. */
export class Meter {
  readonly #states: readonly (readonly [key: string, state: MetricState])[];
  readonly #relative: NormalizedLoss;
  readonly members: number;
  readonly collector: PredictionCollector | undefined;
  #rowLoss: RowLoss | undefined;
  /** The means of a loss that compares the rows of a group, one for each member. */
  readonly #groupMeans: GroupMean[] = [];
  #loss = 0;
  #weight = 0;

  constructor(
    readonly task: string,
    readonly kind: Task,
    metrics: Readonly<Record<string, Metric>>,
    { members = 1, collector }: MeterOptions = {},
  ) {
    this.members = members;
    this.collector = collector;
    this.#states = Object.entries(metrics).map(([key, metric]) => [key, metric.create()] as const);
    this.#relative = new NormalizedLoss(kind);
  }

  /** @param logits row-major [members × batch × outputs] */
  update(batch: Batch, logits: Float32Array, groups: GroupArray | undefined): void {
    const { kind, members } = this;
    const { labels: encoded, weights } = labelsOf(batch, this.task);
    this.#checkOutputs(logits);
    const mask = Uint8Array.from(weights, (weight) => (weight > 0 ? 1 : 0));
    const size = logits.length / members;
    const width = size / batch.size;
    for (let m = 0; m < members; m++) this.#addLosses(m, batch, logits.subarray(m * size, (m + 1) * size), width);
    const scores = encodedScores(kind, logits, width, members);
    this.#checkOutputs(scores);
    this.#relative.update(encoded, scores, weights, mask);
    const isNumber = labelOf(kind).type === 'number';
    const decoded = (values: ArrayLike<number>) => Float64Array.from(values, labelDecoder(kind));
    const [labels, predictions] = isNumber ? [decoded(encoded), decoded(scores)] : [encoded, scores];
    this.#checkOutputs(predictions);
    for (const [, state] of this.#states) state.update(labels, predictions, { weights, mask, groups });
    this.collector?.add(labels, predictions, weights);
  }

  #addLosses(member: number, batch: Batch, logits: Float32Array, width: number): void {
    const { size, groups } = batch;
    const { labels, weights } = labelsOf(batch, this.task);
    const loss = lossOf(this.kind);
    const mean = this.#groupMeans[member] ?? (this.#rowLoss ? undefined : groupLossOf(loss, width)?.mean());
    if (mean) {
      this.#groupMeans[member] = mean;
      mean.add(logits, { labels, weights, groups });
      return;
    }
    this.#rowLoss ??= rowLossOf(loss, width);
    const several = new Array<number>(width);
    for (let row = 0; row < size; row++) {
      if (!(weights[row]! > 0)) continue; // the label is missing
      for (let i = 0; i < width; i++) several[i] = logits[row * width + i]!;
      this.#loss +=
        weights[row]! * (this.#rowLoss(width === 1 ? several[0]! : several, labels[row]!, doubleMath) as number);
      this.#weight += weights[row]!;
    }
  }

  scores(): Record<string, number> {
    const metrics = this.#states.map(([key, state]) => [key, state.compute()]);
    const normalizedLoss = this.#relative.compute();
    const means = this.#groupMeans;
    const loss =
      means.length > 0 ? means.reduce((sum, mean) => sum + mean.value(), 0) / means.length : this.#loss / this.#weight;
    return { loss, normalizedLoss, ...Object.fromEntries(metrics) };
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

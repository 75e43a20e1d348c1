import { mapValues, mean, recordOf, sum, fail } from '@polytask/components';
import {
  type MultiTaskModel,
  type Tasks,
  labelsOf,
  doubleMath,
  encodedScores,
  labelDecoder,
  rowLossOf,
  type Batch,
  type GroupMean,
  type RowLoss,
  type Task,
  groupLossOf,
  lossOf,
} from '@polytask/core';
import { decodedLabels } from '@polytask/core/internal';
import type { GroupArray, Metric, MetricState } from '@polytask/metrics';
import { createYielder } from '../event-loop.ts';
import type { Scorer } from '../engine.ts';
import { evaluationBatches, haveGroups, type RowSource } from '../rows/rows.ts';
import { type MetricTable, normalizedMetric, normalizedWeights, type TaskScores, type Scores } from './metric-table.ts';
import { Diverged } from '../diverged.ts';

/**
 * The predictions for one task, for each row with a label, in the order of the rows.
 *
 * | kind | label | prediction |
 * |---|---|---|
 * | binary | 0 or 1 | a probability |
 * | multiclass | the index of a class | the probabilities of all classes |
 * | multi-label | the sum of 2ⁱ over the labels i of the row | the probabilities of all labels |
 * | survival | the time of the event; its negative if the row is censored | the probabilities of no event up to each cut point |
 * | regression | a number in the label's unit | a number in the label's unit |
 */
export interface TaskPredictions {
  /** The 0-based index of each row among all evaluated rows. [rows] */
  readonly rows: Uint32Array;
  /** [rows] */
  readonly labels: Float64Array;
  /** [rows], or row-major [rows × classes] */
  readonly predictions: Float64Array;
  /** Sample weights, all above 0. [rows] */
  readonly weights: Float64Array;
}

/** The result of `evaluate` with `predictions: true`. */
export interface Evaluation<S = Scores, T extends Tasks = Tasks> {
  readonly scores: S;
  readonly predictions: { readonly [Name in keyof T]: TaskPredictions };
}

/**
 * Collects labels and predictions of the labeled rows, batch by batch.
 *
 * @example
 * const collector = new PredictionCollector();
 * collector.add([1, 0], [0.8, 0.3], Float32Array.of(1, 0)); // the second row has no label
 * collector.collected().predictions; // [0.8]
 */
export class PredictionCollector {
  readonly #batches: TaskPredictions[] = [];
  #rowCount = 0;

  /** @param labels [rows] @param predictions [rows × numbers], row-major @param weights [rows] 0 for a row without a label */
  add(labels: ArrayLike<number>, predictions: ArrayLike<number>, weights: Float32Array): void {
    const places = Uint32Array.from(weights.keys());
    const rows = places.map((place) => this.#rowCount + place);
    const labeled = places.filter((place) => weights[place]! > 0);
    this.#batches.push(predictionsAt({ rows, labels, predictions, weights }, labeled));
    this.#rowCount += weights.length;
  }

  collected(): TaskPredictions {
    const all = (of: keyof TaskPredictions) => this.#batches.map((batch) => batch[of]);
    const [labels, predictions, weights] = [all('labels'), all('predictions'), all('weights')].map((parts) =>
      joined(parts, Float64Array),
    );
    return { rows: joined(all('rows'), Uint32Array), labels: labels!, predictions: predictions!, weights: weights! };
  }
}

/** Those of some rows. @param places of the rows among the given ones */
export function predictionsAt(
  { rows, labels, predictions, weights }: Readonly<Record<keyof TaskPredictions, ArrayLike<number>>>,
  places: Uint32Array,
): TaskPredictions {
  const width = predictions.length / rows.length;
  const at = (i: number) => places[Math.floor(i / width)]! * width + (i % width);
  return {
    rows: places.map((place) => rows[place]!),
    labels: Float64Array.from(places, (place) => labels[place]!),
    predictions: Float64Array.from({ length: places.length * width }, (_, i) => predictions[at(i)]!),
    weights: Float64Array.from(places, (place) => weights[place]!),
  };
}

function joined<A extends Float64Array | Uint32Array>(
  parts: readonly (Float64Array | Uint32Array)[],
  Numbers: new (length: number) => A,
): A {
  const whole = new Numbers(sum(parts, ({ length }) => length));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export interface Measurement {
  readonly metrics: MetricTable;
  readonly groups: GroupArray | undefined;
  /** Rows in a forward pass, those of all members of the model counted. */
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
  readonly collects?: boolean | undefined;
}

export const DEFAULT_BATCH = 4096;

export async function measure<T extends Tasks>(
  scorer: Scorer,
  { members, schema: { tasks }, taskNames }: MultiTaskModel<T>,
  examples: RowSource<T>,
  { metrics, groups, batchSize, signal, collects = false }: Measurement,
): Promise<Evaluation> {
  const meters = recordOf(taskNames, (task) => new Meter(task, tasks[task]!, metrics[task]!, members, collects));
  const yieldToEventLoop = createYielder();
  const size = Math.ceil(batchSize / members);
  let rows = 0;
  for await (const batch of evaluationBatches(examples, size, taskNames, haveGroups(examples, tasks))) {
    signal?.throwIfAborted();
    const logits = await scorer.logits(batch);
    const own = groups ? groupsFrom(groups, rows, batch.size) : batch.groups && distinct(batch.groups, rows);
    rows += batch.size;
    for (const task of taskNames) meters[task].update(batch, logits[task]!, own);
    await yieldToEventLoop();
  }
  checkGroups(groups, rows);
  return {
    scores: mapValues(meters, (meter) => meter.scores()),
    predictions: collects ? mapValues(meters, ({ collector }) => collector!.collected()) : {},
  };
}

/** The groups of a batch, with a number of its own for each row without a group. @param from the number of earlier rows */
const distinct = (groups: Int32Array, from: number): Int32Array =>
  groups.map((group, row) => (group < 0 ? ~(from + row) : group));

function groupsFrom(groups: GroupArray, from: number, count: number): (number | string)[] {
  if (from + count > groups.length) checkGroups(groups, from + count);
  return Array.from({ length: count }, (_, i) => groups[from + i]!);
}

export function checkGroups(groups: GroupArray | undefined, rows: number): void {
  if (groups === undefined || groups?.length === rows) return;
  fail({
    expected: `${rows} groups, one a row`,
    received: String(groups?.length ?? groups),
    fix: 'Take them from the same table, in its order.',
  });
}

class Meter {
  readonly #states: Readonly<Record<string, MetricState>>;
  readonly #relative: MetricState;
  readonly collector: PredictionCollector | undefined;
  #rowLoss: RowLoss | undefined;
  /** The means of a loss that compares the rows of a group, one for each member. */
  readonly #groupMeans: GroupMean[] = [];
  #loss = 0;
  #weight = 0;

  constructor(
    private readonly task: string,
    private readonly kind: Task,
    metrics: Readonly<Record<string, Metric>>,
    private readonly members: number,
    collects: boolean,
  ) {
    this.collector = collects ? new PredictionCollector() : undefined;
    this.#states = mapValues(metrics, (metric) => metric.create());
    this.#relative = normalizedMetric(kind).create();
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
    this.#relative.update(encoded, scores, { weights: normalizedWeights(kind, encoded, weights), mask });
    const [labels, predictions] = [decodedLabels(kind, encoded), scores.map(labelDecoder(kind))];
    this.#checkOutputs(predictions);
    for (const state of Object.values(this.#states)) state.update(labels, predictions, { weights, mask, groups });
    this.collector?.add(labels, predictions, weights);
  }

  #addLosses(member: number, batch: Batch, logits: Float32Array, width: number): void {
    const { size, groups } = batch;
    const { labels, weights } = labelsOf(batch, this.task);
    const loss = lossOf(this.kind);
    const own = this.#groupMeans[member] ?? (this.#rowLoss ? undefined : groupLossOf(loss, width)?.mean());
    if (own) {
      this.#groupMeans[member] = own;
      own.add(logits, { labels, weights, groups });
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

  scores(): TaskScores {
    const means = this.#groupMeans;
    const loss = means.length > 0 ? mean(means.map((each) => each.value())) : this.#loss / this.#weight;
    return { loss, normalizedLoss: this.#relative.compute(), ...mapValues(this.#states, (state) => state.compute()) };
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

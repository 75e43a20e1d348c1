import { isObject, mapValues, recordOf, shown, PolytaskError, suggestion } from '@polytask/components';
import {
  labelDecoder,
  labelsOf,
  predictionTypeOf,
  kindOf,
  type Batch,
  type Predictions,
  type Row,
  type Schema,
  type Task,
} from '@polytask/core';
import { encode, fromRows, positiveSpellings, schemaRowFormat, taskNeeds } from '@polytask/data';
import { findMetric, type Metric } from '@polytask/metrics';
import { BadRows, HttpError, MAX_FAULTS } from './http-error.ts';
import { booleanFaults, numberFeatures, numberLabels } from './number-values.ts';

/** The latest labels of a task count: so many, up to twice as many. So memory stays flat, also for metrics that keep rows. */
const WINDOW = 10_000;

export interface LabelScores {
  readonly labels: number;
  /** The weighted means of labels and of predictions. NaN for a prediction that is no probability of yes and no number. */
  readonly label: number;
  readonly prediction: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Compares predictions with labels, in fixed memory. */
export class LabelWatch {
  readonly #schema: Schema;
  readonly #features: ReturnType<typeof schemaRowFormat>['features'];
  readonly #tasks: Readonly<Record<string, TaskLabels>>;
  readonly #numbers: readonly string[];

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#features = schemaRowFormat(schema).features;
    this.#numbers = [...numberFeatures(schema.features), ...numberLabels(schema.tasks)];
    this.#tasks = mapValues(schema.tasks, (task) => new TaskLabels(task));
  }

  /** Reads rows with the labels that they have. @throws HttpError (400) for a row that doesn't fit, and for rows without any label */
  reader(rows: readonly unknown[]): (from: number, to: number) => Batch {
    const wrong = rows.findIndex((row) => !isObject(row));
    if (wrong >= 0) throw new HttpError(400, `Expected an object as row ${wrong}, received ${shown(rows[wrong])}.`);
    const all = Object.entries(this.#schema.tasks);
    const given = all.filter(([name, { from = name }]) => rows.some((row) => Object.hasOwn(row as Row, from)));
    if (given.length === 0) {
      const names = all.map(([name, { from = name }]) => from);
      const keys = suggestion(names[0]!, Object.keys(rows[0] ?? {}));
      throw new HttpError(400, `Expected rows with at least one label of ${names.join(', ')}, received none. ${keys}`);
    }
    const tasks = Object.fromEntries(given);
    const columns = given.flatMap((named) => labelColumns(...named));
    return (from, to) => this.#read(rows.slice(from, to) as Row[], from, tasks, columns);
  }

  /** @param columns that a row may lack @param first the number of the first row, for messages */
  #read(rows: readonly Row[], first: number, tasks: Schema['tasks'], columns: readonly string[]): Batch {
    const faults = booleanFaults(this.#numbers, rows).slice(0, MAX_FAULTS);
    if (faults.length > 0) throw new BadRows(faults.map((fault) => ({ ...fault, row: first + fault.row })));
    try {
      const filled = rows.map((row) => ({ ...recordOf(columns, () => null), ...row }));
      const table = fromRows(filled, { features: this.#features, tasks }, first);
      const [spelling] = positiveSpellings(['test', table]);
      if (spelling) throw new HttpError(400, spelling.message);
      return encode(table, this.#schema).arrays;
    } catch (error) {
      throw error instanceof PolytaskError ? new HttpError(400, error.message) : error;
    }
  }

  /** Adds the labels of rows with their predictions. @returns the number of labels of each task */
  add(batch: Batch, predictions: Predictions): Readonly<Record<string, number>> {
    return mapValues(this.#tasks, (each, task) => each.add(labelsOf(batch, task), predictions[task]!));
  }

  /** By task that has had a label. */
  scores(): [task: string, scores: LabelScores][] {
    return Object.entries(mapValues(this.#tasks, (each) => each.scores())).filter(([, { labels }]) => labels > 0);
  }
}

export const labelColumns = (name: string, task: Task): string[] => taskNeeds(name, task).map(({ column }) => column);

class TaskLabels {
  readonly #task: Task;
  readonly #metrics: Readonly<Record<string, Metric>>;
  #previous;
  #latest;
  #scores: LabelScores | undefined;

  constructor(task: Task) {
    const { hasDecision, measuredAs } = predictionTypeOf(task);
    const metrics = [...kindOf(task).metrics, ...(hasDecision ? ['ece'] : [])];
    this.#task = task;
    this.#metrics = recordOf(metrics, (name) => findMetric(name, measuredAs));
    this.#previous = this.#start();
    this.#latest = this.#start();
  }

  #start() {
    return { labels: 0, weight: 0, label: 0, prediction: 0, states: mapValues(this.#metrics, (each) => each.create()) };
  }

  add({ labels, weights }: Pick<Batch, 'labels' | 'weights'>, predictions: Float32Array): number {
    const mask = Array.from(weights, (weight) => weight > 0);
    const count = mask.filter(Boolean).length;
    if (count === 0) return 0;
    const sums = this.#latest;
    const decoded = Float64Array.from(labels, labelDecoder(this.#task));
    for (const state of Object.values(sums.states)) state.update(decoded, predictions, { weights, mask });
    sums.labels += count;
    weights.forEach((weight, row) => {
      sums.weight += weight;
      sums.label += weight * decoded[row]!;
      sums.prediction += weight * predictions[row]!;
    });
    if (sums.labels >= WINDOW) [this.#previous, this.#latest] = [sums, this.#start()];
    this.#scores = undefined;
    return count;
  }

  /** Of the latest labels. An AUC takes some milliseconds, so it is computed once after new labels. */
  scores(): LabelScores {
    const [before, now] = [this.#previous, this.#latest];
    const { hasMean, names } = predictionTypeOf(this.#task);
    const isOne = hasMean && names.length === 0;
    const mean = (of: 'label' | 'prediction') => (isOne ? (before[of] + now[of]) / (before.weight + now.weight) : NaN);
    return (this.#scores ??= {
      labels: before.labels + now.labels,
      ...{ label: mean('label'), prediction: mean('prediction') },
      metrics: mapValues(this.#metrics, (metric, name) =>
        metric.create().merge(before.states[name]!).merge(now.states[name]!).compute(),
      ),
    });
  }
}

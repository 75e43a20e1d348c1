import { isObject, mapValues, recordOf, shown, PolytaskError, suggestion } from '@polytask/components';
import {
  labelsOf,
  predictionTypeOf,
  kindOf,
  type Batch,
  type Predictions,
  type Row,
  type Schema,
  type Task,
} from '@polytask/core';
import { decodedLabels } from '@polytask/core/internal';
import { encode, fromRows, positiveSpellings, schemaRowFormat, taskNeeds } from '@polytask/data';
import { findMetric } from '@polytask/metrics';
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

export type LabelWatch = ReturnType<typeof labelWatch>;

/** Compares predictions with labels, in fixed memory. */
export function labelWatch(schema: Schema) {
  const { features } = schemaRowFormat(schema);
  const numbers = [...numberFeatures(schema.features), ...numberLabels(schema.tasks)];
  const byTask = mapValues(schema.tasks, (task) => taskLabels(task));
  return {
    /** Reads rows with the labels that they have. @throws HttpError (400) for a row that doesn't fit, and for rows without any label */
    reader(rows: readonly unknown[]): (from: number, to: number) => Batch {
      const wrong = rows.findIndex((row) => !isObject(row));
      if (wrong >= 0) throw new HttpError(400, `Expected an object as row ${wrong}, received ${shown(rows[wrong])}.`);
      const all = Object.entries(schema.tasks);
      const given = all.filter(([name, { from = name }]) => rows.some((row) => Object.hasOwn(row as Row, from)));
      if (given.length === 0) {
        const names = all.map(([name, { from = name }]) => from);
        const keys = suggestion(names[0]!, Object.keys(rows[0] ?? {}));
        throw new HttpError(
          400,
          `Expected rows with at least one label of ${names.join(', ')}, received none. ${keys}`,
        );
      }
      const tasks = Object.fromEntries(given);
      const columns = given.flatMap((named) => labelColumns(...named)); // which a row may lack
      return (from, to) => {
        const slice = rows.slice(from, to) as Row[];
        const faults = booleanFaults(numbers, slice).slice(0, MAX_FAULTS);
        if (faults.length > 0) throw new BadRows(faults.map((fault) => ({ ...fault, row: from + fault.row })));
        try {
          const filled = slice.map((row) => ({ ...recordOf(columns, () => null), ...row }));
          const table = fromRows(filled, { features, tasks }, from);
          const [spelling] = positiveSpellings(['test', table]);
          if (spelling) throw new HttpError(400, spelling.message);
          return encode(table, schema).arrays;
        } catch (error) {
          throw error instanceof PolytaskError ? new HttpError(400, error.message) : error;
        }
      };
    },
    /** Adds the labels of rows with their predictions. @returns the number of labels of each task */
    add: (batch: Batch, predictions: Predictions): Readonly<Record<string, number>> =>
      mapValues(byTask, (each, task) => each.add(labelsOf(batch, task), predictions[task]!)),
    /** By task that has had a label. */
    scores: (): [task: string, scores: LabelScores][] =>
      Object.entries(mapValues(byTask, (each) => each.scores())).filter(([, { labels }]) => labels > 0),
  };
}

export const labelColumns = (name: string, task: Task): string[] => taskNeeds(name, task).map(({ column }) => column);

function taskLabels(task: Task) {
  const { hasDecision, hasMean, measuredAs, names } = predictionTypeOf(task);
  const metricNames = [...kindOf(task).metrics, ...(hasDecision ? ['ece'] : [])];
  const metrics = recordOf(metricNames, (name) => findMetric(name, measuredAs));
  const start = () => ({
    ...{ labels: 0, weight: 0, label: 0, prediction: 0 },
    states: mapValues(metrics, (each) => each.create()),
  });
  let [before, now] = [start(), start()];
  let known: LabelScores | undefined;
  return {
    add({ labels, weights }: Pick<Batch, 'labels' | 'weights'>, predictions: Float32Array): number {
      const mask = Array.from(weights, (weight) => weight > 0);
      const count = mask.filter(Boolean).length;
      if (count === 0) return 0;
      const decoded = decodedLabels(task, labels);
      for (const state of Object.values(now.states)) state.update(decoded, predictions, { weights, mask });
      now.labels += count;
      weights.forEach((weight, row) => {
        now.weight += weight;
        now.label += weight * decoded[row]!;
        now.prediction += weight * predictions[row]!;
      });
      if (now.labels >= WINDOW) [before, now] = [now, start()];
      known = undefined;
      return count;
    },
    /** Of the latest labels. An AUC takes some milliseconds, so it is computed once after new labels. */
    scores(): LabelScores {
      const isOne = hasMean && names.length === 0;
      const mean = (of: 'label' | 'prediction') =>
        isOne ? (before[of] + now[of]) / (before.weight + now.weight) : NaN;
      return (known ??= {
        labels: before.labels + now.labels,
        ...{ label: mean('label'), prediction: mean('prediction') },
        metrics: mapValues(metrics, (metric, name) =>
          metric.create().merge(before.states[name]!).merge(now.states[name]!).compute(),
        ),
      });
    },
  };
}

import { randomStream, type RandomStream } from '@polytask/core';
import type { Metric, MetricState, MetricTask } from '@polytask/metrics';

/** One row that a metric reads. */
export interface MetricRow {
  readonly label: number;
  /** One number, or one for each class. */
  readonly prediction: readonly number[];
  /** A whole number, 0 to 3. */
  readonly weight: number;
  readonly group: string;
}

/** What a metric promises beyond the contract, and what it doesn't promise. */
export interface MetricOptions {
  /** What the group of tests is called. Default: the metric's name. */
  name?: string;
  /** The metric once more, straight from its definition, of rows of weight 1 (with `groupWeights`: of any weight). */
  definition?: (rows: readonly MetricRow[]) => number;
  /** A label and a prediction for one row, for a metric that doesn't take what others of its task do. */
  example?: (random: RandomStream) => Pick<MetricRow, 'label' | 'prediction'>;
  /** What it is where all rows have the first row's label, to be compared: NaN for an AUC. */
  oneClass?: number;
  /** True where weights belong to whole groups (NDCG), so that a weight isn't a repetition. Default: as ranking metrics. */
  groupWeights?: boolean;
}

const CLASSES = 3;
const GROUPS = ['a', 'b', 'c'];

const step = (random: RandomStream, low: number, high: number, parts: number) =>
  low + random.integer((high - low) * parts + 1) / parts;

/** Labels and predictions on grids, so that there are ties. */
const examples: Record<MetricTask, NonNullable<MetricOptions['example']>> = {
  binary: (random) => ({ label: random.integer(2), prediction: [step(random, 0, 1, 20)] }),
  ranking: (random) => ({ label: random.integer(5), prediction: [step(random, -1, 1, 5)] }),
  regression: (random) => ({ label: step(random, -9, 9, 8), prediction: [step(random, -9, 9, 8)] }),
  multiclass: (random) => {
    const parts = Array.from({ length: CLASSES }, () => 1 + random.integer(6));
    const total = parts.reduce((sum, part) => sum + part);
    return { label: random.integer(CLASSES), prediction: parts.map((part) => part / total) };
  },
};

/** The rows of draw number `draw`, always the same. */
export function metricRows(
  metric: Metric,
  { example = examples[metric.task] }: MetricOptions,
  draw: number,
): MetricRow[] {
  const random = randomStream(draw, `rows of ${metric.task}`);
  return Array.from({ length: 2 + random.integer(24) }, () => ({
    ...example(random),
    weight: random.integer(4),
    group: GROUPS[random.integer(GROUPS.length)]!,
  }));
}

/** The arrays that `update` takes; rows for which `keep` is false are masked out. */
export const columnsOf = (rows: readonly MetricRow[], keep: (row: MetricRow) => boolean = () => true) => ({
  labels: Float64Array.from(rows, ({ label }) => label),
  predictions: Float64Array.from(rows.flatMap(({ prediction }) => prediction)),
  options: { weights: rows.map(({ weight }) => weight), groups: rows.map(({ group }) => group), mask: rows.map(keep) },
});

export function feed(state: MetricState, rows: readonly MetricRow[]): MetricState {
  const { labels, predictions, options } = columnsOf(rows);
  return state.update(labels, predictions, options);
}

/** Rows as they stand, weights written out as repetitions. */
export const repeated = (rows: readonly MetricRow[]): MetricRow[] =>
  rows.flatMap((row) => Array.from({ length: row.weight }, () => ({ ...row, weight: 1 })));

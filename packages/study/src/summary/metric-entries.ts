import { mapValues } from '@polytask/components';
import { isLog, kindOf, type Task, type Tasks } from '@polytask/core';
import { allMetrics, isBetter, type Metric, type MetricTask } from '@polytask/metrics';
import { metricNamed } from '@polytask/metrics/internal';
import { measuredAs } from '@polytask/training/internal';
import { digitsToShow, formatCount } from '../format.ts';

/** How tables show a metric. */
interface MetricFormat {
  /** The name in tables: `AUC`. */
  readonly label: string;
  /** Whether higher or lower values are better. */
  readonly direction: 'higher' | 'lower';
  /** Decimals in tables. */
  readonly digits: number;
}

/** A metric of the tables. */
export type MetricEntry = Metric & MetricFormat;

/** A metric that is best at 1, or a ranking, is not for tables. */
const isShown = (metric: Metric): metric is MetricEntry => metric.direction !== 'one' && metric.task !== 'ranking';

/**
 * The metrics of the tables, in the order of their columns: those of this project, then those of `defineMetric` in a plugin or a program.
 *
 * @example metricEntries().map(({ name }) => name)[0]; // 'auc'
 */
export const metricEntries = (): readonly MetricEntry[] => allMetrics().filter(isShown);

/**
 * The metric of a name or an abbreviation.
 *
 * @param task what it reads, for a name that several metrics share. Default: the first one
 * @returns undefined for a metric that tables don't show
 * @example metricEntry('auc')?.label; // 'AUC'
 */
export function metricEntry(name: string, task?: MetricTask): MetricEntry | undefined {
  const metric = metricNamed(name, task);
  return metric && isShown(metric) ? metric : undefined;
}

/** These names in the order of the columns. A metric that nobody has defined isn't among them. */
export function inOrder(names: readonly string[]): string[] {
  const order = [...new Set(metricEntries().map(({ name }) => name))];
  const known = names.flatMap((name) => metricEntry(name)?.name ?? []);
  return known.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** How tables show a metric. A metric that they don't know appears under its own name. */
export const metricFormat = (name: string): MetricFormat =>
  metricEntry(name) ?? { label: name, direction: 'higher', digits: 4 };

/** Whether a score is better than another one. True if one of them is unknown. */
export const isBetterThan = (metric: string, score: number, other: number = NaN): boolean =>
  Number.isNaN(score - other) || isBetter(metricFormat(metric).direction, score, other);

/** A difference in a sentence: `.0022` for shares and areas, two significant digits for a metric with a unit. */
export function amount(value: number, metric: string): string {
  const row = metricEntry(metric);
  if (row?.task === 'regression')
    return value >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(2)));
  const digits = digitsToShow(value, row?.digits ?? 4);
  const text = value.toFixed(digits).replace(/^0\./, '.');
  return Number(text) > 0 ? text : `less than ${text.slice(0, -1)}1`;
}

/** The title of a metric's column: `AUC ↑`. */
export const metricTitle = (name: string): string => {
  const row = metricEntry(name);
  return row ? `${row.label} ${row.direction === 'higher' ? '↑' : '↓'}` : name;
};

/** The metrics that every trial measures for a task, in the order of the columns. @param grouped whether the rows have groups */
export const metricsOf = (task: Task, grouped = false): MetricEntry[] => [
  ...kindOf(task).metrics.flatMap((name) => (name.includes('@') ? (metricEntry(name) ?? []) : [])),
  ...metricEntries().filter(
    (metric) =>
      metric.task === measuredAs(task) &&
      (metric.measured === 'always' || (metric.measured === 'log' && isLog(task))) &&
      (grouped || !metric.grouped),
  ),
];

/** The metrics of each task. @param grouped whether the rows have groups */
export const metricNames = (tasks: Tasks, grouped = false): Record<string, string[]> =>
  mapValues(tasks, (task) => metricsOf(task, grouped).map((metric) => metric.name));

/** The measure that chooses epochs and configurations, in the words of a report; `explained` is for the mean over tasks. */
const measure = (label: string, direction: 'higher' | 'lower', what = '') => ({
  ...{ label, direction, digits: 4, mean: `mean ${label}`, curve: `validation ${label}` },
  explained: `mean ${label} over tasks${what}`,
});

const LOSSES = ': NE, RMSE over the deviation, or log loss over the entropy of the class shares';
const MEASURES: Readonly<Record<string, ReturnType<typeof measure>>> = {
  auc: measure('AUC', 'higher'),
  normalizedLoss: measure('normalized loss', 'lower', LOSSES),
};

/** @param selection of a trial's `config.training`: `auc` or `normalizedLoss` */
export const selectionMeasure = (selection: string) => MEASURES[selection]!;

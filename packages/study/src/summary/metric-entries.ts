import { labelOf, type Task, type Tasks } from '@polytask/core';
import { kindOf, mapValues } from '@polytask/core/internal';
import type { MetricName } from '@polytask/metrics';
import { definedMetrics } from '@polytask/metrics/internal';
import { measuredAs, type MeasuredAs } from '@polytask/training';
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
export interface MetricEntry extends MetricFormat {
  /** The name in `@polytask/metrics`. */
  readonly name: string;
  /** What the metric measures. */
  readonly measures: MeasuredAs;
  /** True for a metric that compares only rows of one group, such as a user. It needs the groups of the rows. */
  readonly grouped?: boolean;
  /** True for a metric that is measured only for labels with `log`, or when it is named. */
  readonly log?: boolean;
  /** True for a metric that is measured only when it is named. */
  readonly onlyNamed?: boolean;
}

const ROWS: readonly (MetricEntry & { readonly name: MetricName })[] = [
  { name: 'auc', label: 'AUC', direction: 'higher', measures: 'binary', digits: 4 },
  { name: 'gauc', label: 'GAUC', direction: 'higher', measures: 'binary', grouped: true, digits: 4 },
  { name: 'ne', label: 'NE', direction: 'lower', measures: 'binary', digits: 4 },
  { name: 'multiclassAccuracy', label: 'accuracy', direction: 'higher', measures: 'multiclass', digits: 4 },
  { name: 'multiclassLogLoss', label: 'log loss', direction: 'lower', measures: 'multiclass', digits: 4 },
  { name: 'multiLabelAuc', label: 'macro AUC', direction: 'higher', measures: 'multi-label', digits: 4 },
  { name: 'multiLabelLogLoss', label: 'macro log loss', direction: 'lower', measures: 'multi-label', digits: 4 },
  { name: 'concordance', label: 'C-index', direction: 'higher', measures: 'survival', digits: 4 },
  { name: 'rmsle', label: 'RMSLE', direction: 'lower', measures: 'regression', log: true, digits: 4 },
  { name: 'rmse', label: 'RMSE', direction: 'lower', measures: 'regression', digits: 4 },
  { name: 'binnedAuc', label: 'binned AUC', direction: 'higher', measures: 'binary', digits: 4, onlyNamed: true },
  { name: 'prAuc', label: 'PR AUC', direction: 'higher', measures: 'binary', digits: 4, onlyNamed: true },
  { name: 'logLoss', label: 'log loss', direction: 'lower', measures: 'binary', digits: 4, onlyNamed: true },
  { name: 'brier', label: 'Brier', direction: 'lower', measures: 'binary', digits: 4, onlyNamed: true },
  { name: 'ece', label: 'ECE', direction: 'lower', measures: 'binary', digits: 4, onlyNamed: true },
  { name: 'accuracy', label: 'accuracy', direction: 'higher', measures: 'binary', digits: 4, onlyNamed: true },
  { name: 'multiclassNe', label: 'NE', direction: 'lower', measures: 'multiclass', digits: 4, onlyNamed: true },
  { name: 'multiLabelNe', label: 'macro NE', direction: 'lower', measures: 'multi-label', digits: 4, onlyNamed: true },
  { name: 'mae', label: 'MAE', direction: 'lower', measures: 'regression', digits: 4, onlyNamed: true },
  { name: 'r2', label: 'R²', direction: 'higher', measures: 'regression', digits: 4, onlyNamed: true },
  { name: 'nrmse', label: 'NRMSE', direction: 'lower', measures: 'regression', digits: 4, onlyNamed: true },
];

/**
 * The measured metrics by kind of task, in the order of the columns: those of every comparison, then what `defineMetric` has defined in a
 * plugin or a program. A metric that is best at 1, or a ranking, is not measured.
 *
 * @example metricEntries().map(({ name }) => name)[0]; // 'auc'
 */
export const metricEntries = (): readonly MetricEntry[] => [
  ...ROWS,
  ...[...definedMetrics().values()].flatMap(({ name, direction, task, grouped }): MetricEntry[] =>
    direction === 'one' || task === 'ranking'
      ? []
      : [{ name, label: name, direction, measures: task, digits: 4, ...(grouped && { grouped }) }],
  ),
];

/**
 * The metric of a name.
 *
 * @returns undefined for a metric that is not in {@link metricEntries}
 * @example metricEntry('auc')?.label; // 'AUC'
 */
export const metricEntry = (name: string): MetricEntry | undefined =>
  metricEntries().find((row) => row.name === name) ?? quantileEntry(name);

/** The entries of these metrics in the order of the columns. A metric that nobody has defined has none. */
export function inOrder(names: readonly string[]): MetricEntry[] {
  const order = metricEntries().map(({ name }) => name);
  return names.flatMap((name) => metricEntry(name) ?? []).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** The pinball loss has the quantiles of its task in its name. */
const quantileEntry = (name: string): MetricEntry | undefined =>
  name.startsWith('pinball@')
    ? { name, label: 'pinball loss', direction: 'lower', measures: 'quantiles', digits: 4 }
    : undefined;

/** How tables show a metric. A metric that is not in {@link metricEntries} appears under its own name. */
export const metricFormat = (name: string): MetricFormat =>
  metricEntry(name) ?? { label: name, direction: 'higher', digits: 4 };

/** A difference in a sentence: `.0022` for shares and areas, two significant digits for a metric with a unit. */
export function amount(value: number, metric: string): string {
  const row = metricEntry(metric);
  if (row?.measures === 'regression')
    return value >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(2)));
  return value.toFixed(digitsToShow(value, row?.digits ?? 4)).replace(/^0\./, '.');
}

/** The title of a metric's column: `AUC ↑`. */
export const metricTitle = (name: string): string => {
  const row = metricEntry(name);
  return row ? `${row.label} ${row.direction === 'higher' ? '↑' : '↓'}` : name;
};

/** Whether a label is a number that is trained on its logarithm. */
export function isLog(task: Task): boolean {
  const label = labelOf(task);
  return label.type === 'number' && label.log === true;
}

/** The metrics that every trial measures for a task, in the order of the columns. @param grouped whether the rows have groups */
export const metricsOf = (task: Task, grouped = false): MetricEntry[] => [
  ...kindOf(task)
    .metrics(task)
    .flatMap((name) => quantileEntry(name) ?? []),
  ...metricEntries().filter(
    ({ measures, onlyNamed, grouped: needsGroups, log: needsLog }) =>
      measures === measuredAs(task) && !onlyNamed && (grouped || !needsGroups) && (!needsLog || isLog(task)),
  ),
];

/** The metrics of each task. @param grouped whether the rows have groups */
export const metricNames = (tasks: Tasks, grouped = false): Record<string, string[]> =>
  mapValues(tasks, (task) => metricsOf(task, grouped).map((metric) => metric.name));

/** The measure that chooses epochs and configurations, in the words of a report. */
export interface SelectionMeasure extends MetricFormat {
  /** The mean over tasks: `mean AUC`. */
  readonly mean: string;
  /** The mean with an explanation. */
  readonly explained: string;
  /** The title of a learning curve. */
  readonly curve: string;
}

const MEASURES: Readonly<Record<string, SelectionMeasure>> = {
  auc: {
    label: 'AUC',
    mean: 'mean AUC',
    explained: 'mean AUC over tasks',
    curve: 'validation AUC',
    direction: 'higher',
    digits: 4,
  },
  normalizedLoss: {
    label: 'normalized loss',
    mean: 'mean normalized loss',
    explained:
      'mean normalized loss over tasks: NE, RMSE over the deviation, or log loss over the entropy of the class shares',
    curve: 'validation normalized loss',
    direction: 'lower',
    digits: 4,
  },
};

/** @param selection of a trial's `config.training`: `auc` or `normalizedLoss` */
export const selectionMeasure = (selection: string): SelectionMeasure => MEASURES[selection]!;

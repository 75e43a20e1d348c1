import type { Task } from '@polytask/core';
import { definedMetrics, type MetricName } from '@polytask/metrics';

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
export interface MetricRow extends MetricFormat {
  /** The name in `@polytask/metrics`. */
  readonly name: string;
  /** The kind of task that the metric measures. */
  readonly kind: Task['kind'];
  /** True for a metric that compares only rows of one group, such as a user. It needs the groups of the rows. */
  readonly grouped?: boolean;
  /** True for a metric that is measured only for labels with `log`, or when it is named. */
  readonly log?: boolean;
  /** True for a metric that is measured only when it is named. */
  readonly onlyNamed?: boolean;
}

const ROWS: readonly (MetricRow & { readonly name: MetricName })[] = [
  { name: 'auc', label: 'AUC', direction: 'higher', kind: 'binary', digits: 4 },
  { name: 'gauc', label: 'GAUC', direction: 'higher', kind: 'binary', grouped: true, digits: 4 },
  { name: 'ne', label: 'NE', direction: 'lower', kind: 'binary', digits: 4 },
  { name: 'multiclassAccuracy', label: 'accuracy', direction: 'higher', kind: 'multiclass', digits: 4 },
  { name: 'multiclassLogLoss', label: 'log loss', direction: 'lower', kind: 'multiclass', digits: 4 },
  { name: 'rmsle', label: 'RMSLE', direction: 'lower', kind: 'regression', log: true, digits: 4 },
  { name: 'rmse', label: 'RMSE', direction: 'lower', kind: 'regression', digits: 4 },
  { name: 'binnedAuc', label: 'binned AUC', direction: 'higher', kind: 'binary', digits: 4, onlyNamed: true },
  { name: 'prAuc', label: 'PR AUC', direction: 'higher', kind: 'binary', digits: 4, onlyNamed: true },
  { name: 'logLoss', label: 'log loss', direction: 'lower', kind: 'binary', digits: 4, onlyNamed: true },
  { name: 'brier', label: 'Brier', direction: 'lower', kind: 'binary', digits: 4, onlyNamed: true },
  { name: 'ece', label: 'ECE', direction: 'lower', kind: 'binary', digits: 4, onlyNamed: true },
  { name: 'accuracy', label: 'accuracy', direction: 'higher', kind: 'binary', digits: 4, onlyNamed: true },
  { name: 'multiclassNe', label: 'NE', direction: 'lower', kind: 'multiclass', digits: 4, onlyNamed: true },
  { name: 'mae', label: 'MAE', direction: 'lower', kind: 'regression', digits: 4, onlyNamed: true },
  { name: 'r2', label: 'R²', direction: 'higher', kind: 'regression', digits: 4, onlyNamed: true },
  { name: 'nrmse', label: 'NRMSE', direction: 'lower', kind: 'regression', digits: 4, onlyNamed: true },
];

/**
 * The measured metrics by kind of task, in the order of the columns: those of every comparison, then what `defineMetric` has defined in a
 * plugin or a program. A metric that is best at 1, or a ranking, is not measured.
 *
 * @example metricRows().map(({ name }) => name)[0]; // 'auc'
 */
export const metricRows = (): readonly MetricRow[] => [
  ...ROWS,
  ...[...definedMetrics().values()].flatMap(({ name, direction, task, grouped }): MetricRow[] =>
    direction === 'one' || task === 'ranking'
      ? []
      : [{ name, label: name, direction, kind: task, digits: 4, ...(grouped && { grouped }) }],
  ),
];

/**
 * The metric of a name.
 *
 * @returns undefined for a metric that is not in {@link metricRows}
 * @example metricRow('auc')?.label; // 'AUC'
 */
export const metricRow = (name: string): MetricRow | undefined => metricRows().find((row) => row.name === name);

/** How tables show a metric. A metric that is not in {@link metricRows} appears under its own name. */
export const metricFormat = (name: string): MetricFormat =>
  metricRow(name) ?? { label: name, direction: 'higher', digits: 4 };

/** The title of a metric's column: `AUC ↑`. */
export const metricTitle = (name: string): string => {
  const row = metricRow(name);
  return row ? `${row.label} ${row.direction === 'higher' ? '↑' : '↓'}` : name;
};

/** The metrics that every trial measures for a task, in the order of the columns. @param grouped whether the rows have groups */
export const metricsOf = (task: Task, grouped = false): MetricRow[] =>
  metricRows().filter(
    ({ kind, onlyNamed, grouped: needsGroups, log: needsLog }) =>
      kind === task.kind &&
      !onlyNamed &&
      (grouped || !needsGroups) &&
      (!needsLog || (task.kind === 'regression' && task.log === true)),
  );

/** The measure that chooses epochs and configurations, in the words of a report. */
export interface SelectionMeasure extends MetricFormat {
  /** The mean over tasks: `mean AUC`. */
  readonly mean: string;
  /** The mean with an explanation. */
  readonly explained: string;
}

const MEASURES: Readonly<Record<string, SelectionMeasure>> = {
  auc: { label: 'AUC', mean: 'mean AUC', explained: 'mean AUC over tasks', direction: 'higher', digits: 4 },
  relativeError: {
    label: 'relative error',
    mean: 'mean relative error',
    explained:
      'mean relative error over tasks: NE, RMSE over the deviation, or log loss over the entropy of the class shares',
    direction: 'lower',
    digits: 4,
  },
};

/** @param selection of a trial's `config.training`: `auc`, `relativeError`, or `loss` in older results */
export const selectionMeasure = (selection: string): SelectionMeasure =>
  MEASURES[selection] ?? {
    label: selection,
    mean: `mean ${selection}`,
    explained: `mean ${selection} over tasks`,
    direction: 'lower',
    digits: 4,
  };

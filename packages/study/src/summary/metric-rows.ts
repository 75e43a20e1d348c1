import type { Task } from '@polytask/core';
import type { MetricName } from '@polytask/metrics';

/** A metric of the tables. */
export interface MetricRow {
  /** As `@polytask/metrics` names it. */
  readonly name: MetricName;
  readonly label: string;
  readonly direction: 'higher' | 'lower';
  /** Of what kind of task. */
  readonly kind: Task['kind'];
  /** Whether it compares rows within their group only (of one user), and so needs groups. */
  readonly grouped?: boolean;
  /** Decimals in tables. */
  readonly digits: number;
}

/** What is measured, by kind of task, in the order of the columns. A new metric is a row here. */
export const metricRows: readonly MetricRow[] = [
  { name: 'auc', label: 'AUC', direction: 'higher', kind: 'binary', digits: 4 },
  { name: 'gauc', label: 'GAUC', direction: 'higher', kind: 'binary', grouped: true, digits: 4 },
  { name: 'ne', label: 'NE', direction: 'lower', kind: 'binary', digits: 4 },
  { name: 'multiclassAccuracy', label: 'accuracy', direction: 'higher', kind: 'multiclass', digits: 4 },
  { name: 'multiclassLogLoss', label: 'log loss', direction: 'lower', kind: 'multiclass', digits: 4 },
  { name: 'rmse', label: 'RMSE', direction: 'lower', kind: 'regression', digits: 4 },
];

/** The row of a metric that stands in a trial. */
export const metricRow = (name: string): MetricRow | undefined => metricRows.find((row) => row.name === name);

/** The metrics of a kind of task, in the order of the columns. @param grouped whether the rows have groups */
export const metricsOf = (kind: Task['kind'], grouped = false): MetricRow[] =>
  metricRows.filter((row) => row.kind === kind && (grouped || !row.grouped));

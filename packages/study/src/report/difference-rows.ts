import type { Verdict } from '@polytask/metrics';
import type { ScoreTable } from '../summary/summary.ts';
import { metricRow } from '../summary/metric-rows.ts';

/** A model beside the baseline in one column of the table. */
export interface DifferenceRow {
  readonly model: string;
  readonly task: string;
  readonly metric: string;
  /** Seeds of both. */
  readonly seeds: number;
  /** Model − baseline, in the metric's own unit. */
  readonly difference: number;
  /** The 95% t interval. */
  readonly low: number;
  readonly high: number;
  /** The 95% bootstrap interval. */
  readonly bootstrapLow: number;
  readonly bootstrapHigh: number;
  readonly pValue: number;
  /** Holm's, over all models and tasks of the metric. */
  readonly adjustedPValue: number;
  readonly verdict: Verdict;
}

/** All differences of a table: metric by metric, model by model, task by task. */
export const differenceRows = ({ comparisons, models }: Pick<ScoreTable, 'comparisons' | 'models'>): DifferenceRow[] =>
  Object.entries(comparisons).flatMap(([metric, comparison]) =>
    models.flatMap(({ model }) =>
      Object.entries(comparison.models[model]?.tasks ?? {}).map(
        ([task, { seeds, difference, bootstrap, adjustedPValue, verdict }]): DifferenceRow => ({
          model,
          task,
          metric,
          seeds: seeds.length,
          difference: difference.mean,
          low: difference.low,
          high: difference.high,
          bootstrapLow: bootstrap.low,
          bootstrapHigh: bootstrap.high,
          pValue: difference.pValue,
          adjustedPValue,
          verdict,
        }),
      ),
    ),
  );

/** How a metric is called in tables: `AUC ↑`. */
export const metricTitle = (metric: string): string => {
  const row = metricRow(metric);
  return row ? `${row.label} ${row.direction === 'higher' ? '↑' : '↓'}` : metric;
};

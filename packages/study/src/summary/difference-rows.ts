import type { Against } from './comparisons.ts';
import { metricFormat } from './metric-entries.ts';
import type { Column, ScoreTable } from './summary.ts';

/** The difference between a model and the baseline in one metric of one task, in the metric's own unit. */
export interface DifferenceRow extends Column, Against {
  readonly model: string;
  /** How many seeds both models have. */
  readonly seeds: number;
  /** The 95% bootstrap interval. */
  readonly bootstrapLow: number;
  readonly bootstrapHigh: number;
  /** The p value after Holm's correction over all models and tasks of the metric. */
  readonly adjustedPValue: number;
  /** The decimals to show: see {@link columnDigits}. */
  readonly digits: number;
}

type Scores = Pick<ScoreTable, 'comparisons' | 'models'>;

/**
 * The decimals of scores in one metric: those of the metric, and at most five significant digits of the largest score. So an error in
 * dollars has none, where a share has four.
 */
export function scoreDigits(metric: string, scores: readonly number[]): number {
  const largest = Math.max(1, ...scores.map(Math.abs).filter(Number.isFinite));
  const before = Math.floor(Math.log10(largest)) + 1;
  return Math.max(0, Math.min(metricFormat(metric).digits, SIGNIFICANT - before));
}

const SIGNIFICANT = 5;

/** The decimals of a column. */
export const columnDigits = ({ models }: Pick<Scores, 'models'>, { task, metric }: Column): number =>
  scoreDigits(
    metric,
    models.map((model) => model.metrics[task]?.[metric]?.mean ?? NaN),
  );

/** All differences of a table: metric by metric, model by model, task by task. */
export const differenceRows = ({ comparisons, models }: Scores): DifferenceRow[] =>
  Object.entries(comparisons).flatMap(([metric, comparison]) =>
    models.flatMap(({ model }) =>
      Object.entries(comparison.models[model]?.tasks ?? {}).map(
        ([task, { seeds, difference, bootstrap, adjustedPValue, verdict }]): DifferenceRow => ({
          ...{ model, task, metric, seeds: seeds.length, ...difference, difference: difference.mean },
          ...{ bootstrapLow: bootstrap.low, bootstrapHigh: bootstrap.high, adjustedPValue, verdict },
          digits: columnDigits({ models }, { task, metric }),
        }),
      ),
    ),
  );

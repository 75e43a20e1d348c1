import { isBetter } from '@polytask/metrics';
import type { TrialResult } from '../results/trial-result.ts';
import { type TrialsByModel, valueOf } from './comparisons.ts';
import { metricFormat } from './metric-entries.ts';
import type { Column, ScoreTable } from './summary.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean of a column's constant over trials. NaN without trials, and for older trials, which don't have it. */
const constantOf = (trials: readonly TrialResult[], { task, metric }: Column): number =>
  mean(trials.map(({ constants }) => constants?.[task]?.[metric] ?? NaN));

/** The metrics of a constant prediction, by task and metric. A metric that a trial doesn't have it for is missing. */
export function constantsOf(trials: readonly TrialResult[], columns: readonly Column[]): ScoreTable['constants'] {
  const constants: Record<string, Record<string, number>> = {};
  for (const column of columns) {
    const value = constantOf(trials, column);
    if (Number.isFinite(value)) (constants[column.task] ??= {})[column.metric] = value;
  }
  return constants;
}

/**
 * The columns that gains leave out, because the baseline is no better than a constant there. A relative difference from such a model
 * says nothing: from an accuracy of almost 0 it is any number.
 */
export function leftOutOf(byModel: TrialsByModel, columns: readonly Column[], baseline: string): Column[] {
  const trials = byModel.get(baseline) ?? [];
  return columns.filter((column) => {
    const [own, constant] = [mean(trials.map((trial) => valueOf(trial, column))), constantOf(trials, column)];
    return (
      Number.isFinite(own) &&
      Number.isFinite(constant) &&
      !isBetter(metricFormat(column.metric).direction, own, constant)
    );
  });
}

/** Whether a column is one of a list. */
export const isAmong = ({ task, metric }: Column, columns: readonly Column[]): boolean =>
  columns.some((column) => column.task === task && column.metric === metric);

/** Whether a model's mean is better than the constant in a column. True for older results, which don't know the constant. */
export function beatsConstant(
  { constants }: Pick<ScoreTable, 'constants'>,
  { metrics }: ScoreTable['models'][number],
  { task, metric }: Column,
): boolean {
  const constant = constants[task]?.[metric];
  return constant === undefined || isBetter(metricFormat(metric).direction, metrics[task]![metric]!.mean, constant);
}

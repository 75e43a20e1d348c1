import { holm, meanInterval, multiTaskGain, pairedDifference, verdictOf } from '@polytask/metrics';
import type { TrialResult } from '../results/trial-result.ts';
import { LEVEL, paired, type TrialsByModel, valueOf } from './comparisons.ts';
import { resampling } from '../results/folds.ts';
import { isAmong } from './constants.ts';
import { metricFormat } from './metric-entries.ts';
import type { Column, OverallGain } from './summary.ts';

/** The main column of each task: its first metric. */
export const mainColumns = (columns: readonly Column[]): Column[] =>
  columns.filter(({ task }, i) => columns.findIndex((other) => other.task === task) === i);

/**
 * The multi-task gain Δm of each model over the baseline (Maninis et al. 2019): the mean over tasks of the relative improvement in the
 * task's first metric. A paired t test over seeds, corrected over folds, decides whether the gain is beyond chance, with Holm's
 * correction over the models.
 *
 * A task is left out for all models if its metric isn't defined in one of the trials, or the baseline is no better than a constant.
 *
 * @param leftOut the columns in which the baseline is no better than a constant
 * @returns by model, without the baseline; empty without trials of the baseline
 */
export function overallGains(
  byModel: TrialsByModel,
  columns: readonly Column[],
  baseline: string,
  leftOut: readonly Column[] = [],
): ReadonlyMap<string, OverallGain> {
  const baselineTrials = byModel.get(baseline);
  if (!baselineTrials?.length) return new Map();
  const all = [...byModel.values()].flat();
  const tasks = mainColumns(columns).filter(
    (column) => !isAmong(column, leftOut) && all.every((trial) => Number.isFinite(valueOf(trial, column))),
  );
  if (tasks.length === 0) return new Map();
  const config = resampling(baselineTrials[0]!.config);
  const directions = tasks.map(({ metric }) => metricFormat(metric).direction);
  const valuesOf = (trial: TrialResult) => tasks.map((column) => valueOf(trial, column));
  const gains = [...byModel]
    .filter(([model]) => model !== baseline)
    .map(([model, trials]) => ({
      model,
      values: paired(trials, baselineTrials).map(([a, b]) => multiTaskGain(valuesOf(a), valuesOf(b), directions).mean),
    }))
    .filter(({ values }) => values.length > 0);
  const tests = gains.map(({ values }) =>
    values.length < 2
      ? undefined
      : pairedDifference(
          values,
          values.map(() => 0),
          config,
        ),
  );
  const adjusted = holm(tests.map((test) => test?.pValue ?? NaN));
  return new Map(
    gains.map(({ model, values }, i): [string, OverallGain] => {
      const direct = tests[i] ? verdictOf(tests[i], 'higher') : 'untested';
      const verdict = direct !== 'untested' && !(adjusted[i]! <= LEVEL) ? 'no difference' : direct;
      return [model, { mean: meanInterval(values, config), adjustedPValue: adjusted[i]!, verdict }];
    }),
  );
}

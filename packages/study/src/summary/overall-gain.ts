import { holm, meanInterval, multiTaskGain, pairedDifference, verdictOf } from '@polytask/metrics';
import type { TrialResult } from '../trials/trial-result.ts';
import { metricRow } from './metric-rows.ts';
import { paired } from './paired.ts';
import type { Column, OverallGain } from './summary.ts';

const LEVEL = 0.05;

/** The column that stands for each task: its first metric. */
export const mainColumns = (columns: readonly Column[]): Column[] =>
  columns.filter(({ task }, i) => columns.findIndex((other) => other.task === task) === i);

/**
 * The multi-task gain of each model over the baseline, one number for all tasks whatever their kinds: Δm of the first metric
 * of each task (Maninis et al. 2019), seed by seed. A paired t test over seeds says whether it is beyond chance, with Holm's
 * correction over the models.
 *
 * A task whose metric isn't defined in one of the trials is left out for all models.
 *
 * @returns by model; nothing for the baseline, nor where no seed of it was run
 */
export function overallGains(
  byModel: ReadonlyMap<string, readonly TrialResult[]>,
  columns: readonly Column[],
  baseline: string,
): ReadonlyMap<string, OverallGain> {
  const own = byModel.get(baseline);
  if (!own) return new Map();
  const all = [...byModel.values()].flat();
  const measured = mainColumns(columns).filter(({ task, metric }) =>
    all.every(({ metrics }) => Number.isFinite(metrics[task]?.[metric])),
  );
  if (measured.length === 0) return new Map();
  const directions = measured.map(({ metric }) => metricRow(metric)?.direction ?? 'higher');
  const valuesOf = ({ metrics }: TrialResult) => measured.map(({ task, metric }) => metrics[task]![metric]!);
  const gains = [...byModel]
    .filter(([model]) => model !== baseline)
    .map(([model, trials]) => ({
      model,
      values: paired(trials, own).map(([a, b]) => multiTaskGain(valuesOf(a), valuesOf(b), directions).mean),
    }))
    .filter(({ values }) => values.length > 0);
  const tests = gains.map(({ values }) =>
    values.length < 2
      ? undefined
      : pairedDifference(
          values,
          values.map(() => 0),
        ),
  );
  const adjusted = holm(tests.map((test) => test?.pValue ?? NaN));
  return new Map(
    gains.map(({ model, values }, i): [string, OverallGain] => {
      const found = tests[i] ? verdictOf(tests[i], 'higher') : 'untested';
      const verdict = found !== 'untested' && !(adjusted[i]! <= LEVEL) ? 'no difference' : found;
      return [model, { mean: meanInterval(values), adjustedPValue: adjusted[i]!, verdict }];
    }),
  );
}

import { isBetter, meanInterval, pairedDifference } from '@polytask/metrics';
import type { TrialResult } from '../trials/trial-result.ts';
import { metricRow } from './metric-rows.ts';
import { paired } from './paired.ts';
import type { Column, Winner } from './summary.ts';

const LEVEL = 0.05;

/**
 * The winner of a column, if it has one: the model with the best mean, when it is better than each other model in a
 * two-sided paired t test at 5%. Nothing is corrected for the number of models, and nothing has to be: the best of many
 * is claimed only if it beats all of them (Gutmann & Maymin 1987, "Is the selected population the best?").
 */
export function winnerOf(column: Column, byModel: ReadonlyMap<string, readonly TrialResult[]>): Winner | undefined {
  const { task, metric } = column;
  const direction = metricRow(metric)?.direction ?? 'higher';
  const valueOf = (trial: TrialResult) => trial.metrics[task]?.[metric] ?? NaN;
  const means = [...byModel].map(([model, trials]) => ({ model, mean: meanInterval(trials.map(valueOf)).mean }));
  const best = means.reduce((a, b) => (isBetter(direction, b.mean, a.mean) ? b : a));
  const others = means.filter(({ model }) => model !== best.model);
  if (others.length === 0) return undefined;

  const pValues = others.map(({ model }) => {
    const pairs = paired(byModel.get(best.model)!, byModel.get(model)!);
    if (pairs.length < 2) return NaN;
    const difference = pairedDifference(
      pairs.map(([a]) => valueOf(a)),
      pairs.map(([, b]) => valueOf(b)),
    );
    return isBetter(direction, difference.mean, 0) ? difference.pValue : NaN;
  });
  const pValue = Math.max(...pValues); // NaN if one is
  return pValue < LEVEL ? { ...column, model: best.model, pValue } : undefined;
}

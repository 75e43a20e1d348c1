import { isBetter, meanInterval } from '@polytask/metrics';
import { isAmong } from '../summary/constants.ts';
import { valueOf } from '../summary/comparisons.ts';
import { metricFormat } from '../summary/metric-entries.ts';
import { mainColumns, overallGains } from '../summary/overall-gain.ts';
import type { Column, ModelSummary, Summary } from '../summary/summary.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { pairOf } from '../results/folds.ts';

/** A model's place in a comparison. */
export interface Standing {
  readonly summary: ModelSummary;
  /** The mean rank over main metrics and seeds; 1 is the best. NaN if nothing can be ranked. */
  readonly rank: number;
  /** Which of the first model and the baseline are better beyond chance. */
  readonly beatenBy: readonly string[];
}

/**
 * The models of a table, the best one first: by the overall gain over the baseline, or by the mean rank where a model has no gain.
 *
 * Each model is compared with the first one and with the baseline (multiple comparisons with the best). The test is a paired t test of the
 * multi-task gain over seeds, corrected over folds, at 5% with Holm's correction over the models.
 * The marks of the leaderboard are the tests against the baseline.
 *
 * @param trials the trials of the summary
 */
export function standingsOf(summary: Summary, trials: readonly TrialResult[]): Standing[] {
  const { models, baseline, leftOut } = summary;
  const byModel = new Map(models.map(({ model }) => [model, trials.filter((trial) => trial.model === model)]));
  const columns = mainColumns(summary.columns).filter(
    (column) => !isAmong(column, leftOut) && trials.every((trial) => Number.isFinite(valueOf(trial, column))),
  );
  const ranks = ranksOf(byModel, columns);
  const placed = models.map((each) => ({ summary: each, rank: ranks.get(each.model)! }));
  const gainOf = ({ model, gain }: ModelSummary) => (model === baseline ? 0 : (gain?.mean.mean ?? NaN));
  const byGain = models.every((each) => Number.isFinite(gainOf(each)));
  placed.sort((a, b) => (byGain ? gainOf(b.summary) - gainOf(a.summary) : orderOf(a.rank, b.rank)));
  const [first] = placed;
  if (!first) return [];
  const overFirst = overallGains(byModel, summary.columns, first.summary.model, leftOut);
  const losesToFirst = ({ model }: ModelSummary) =>
    model === baseline ? first.summary.gain?.verdict === 'better' : overFirst.get(model)?.verdict === 'worse';
  return placed.map((each) => ({
    ...each,
    beatenBy: [
      ...(losesToFirst(each.summary) ? [first.summary.model] : []),
      ...(each.summary.gain?.verdict === 'worse' && first.summary.model !== baseline ? [baseline] : []),
    ],
  }));
}

/** Numbers in their order, with NaN at the end. */
const orderOf = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;

/** The mean rank of each model over the columns and the seeds that all models have. */
function ranksOf(own: ReadonlyMap<string, readonly TrialResult[]>, columns: readonly Column[]): Map<string, number> {
  const names = [...own.keys()];
  const ranks = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const first of own.get(names[0]!) ?? []) {
    const trials = names.map((name) => own.get(name)!.find((trial) => pairOf(trial) === pairOf(first)));
    if (trials.includes(undefined)) continue;
    for (const column of columns) {
      const values = trials.map((trial) => valueOf(trial!, column));
      const { direction } = metricFormat(column.metric);
      names.forEach((name, i) => {
        const ahead = values.filter((value) => isBetter(direction, value, values[i]!)).length;
        const level = values.filter((value) => value === values[i]).length;
        ranks.get(name)!.push(ahead + (level + 1) / 2);
      });
    }
  }
  return new Map([...ranks].map(([name, list]) => [name, list.length === 0 ? NaN : meanInterval(list).mean]));
}

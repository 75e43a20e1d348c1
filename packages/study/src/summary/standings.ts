import { mean } from '@polytask/components';
import { isBetter } from '@polytask/metrics';
import { present } from '../format.ts';
import { pairOf } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { isAmong, mainColumns, overallGains, valueOf } from './comparisons.ts';
import { metricFormat } from './metric-entries.ts';
import { beatsConstant } from './score-table.ts';
import type { Column, ModelSummary, SummaryOfTrials } from './summary.ts';

/** A model's place in a comparison. */
export interface Standing {
  readonly summary: ModelSummary;
  readonly trials: readonly TrialResult[];
  /**
   * The place by the gain, from 1; without gains, the mean rank over main metrics and the seeds that all models have. NaN if nothing can be
   * ranked, or no model is better than a constant.
   */
  readonly rank: number;
  /** Which of the first model and the baseline are significantly better. */
  readonly beatenBy: readonly string[];
  /** Whether the model is significantly better than the first one: in mean ranks, and in seeds that not all models have, that may be. */
  readonly beatsFirst: boolean;
}

/**
 * The models of a table, the best one first: by the overall gain over the baseline, or by the mean rank where a model has no gain.
 *
 * Each model is compared with the first one and with the baseline (multiple comparisons with the best). The test is a paired t test over
 * seeds of the difference of two gains over the baseline, corrected over folds, at 5% with Holm's correction over the models. Without a
 * baseline it is the gain over the first model. The marks of the leaderboard are the tests against the baseline.
 */
export function standingsOf(summary: SummaryOfTrials, trials: readonly TrialResult[]): Standing[] {
  const { models, baseline, leftOut } = summary;
  const byModel = new Map(models.map(({ model }) => [model, trials.filter((trial) => trial.model === model)]));
  const scored = mainColumns(summary.columns).filter((column) =>
    trials.every((trial) => Number.isFinite(valueOf(trial, column))),
  );
  const counted = scored.filter((column) => !isAmong(column, leftOut));
  const isUseful = (column: Column) => models.some((each) => beatsConstant(summary, each, column));
  const isMeasured = byModel.has(baseline) && counted.length > 0; // the baseline may be useless, and another model not
  const ranks = ranksOf(byModel, isMeasured ? counted : scored.filter(isUseful));
  const placed = models.map((each) => {
    return { summary: each, trials: byModel.get(each.model)!, rank: ranks.get(each.model)! };
  });
  const gainOf = ({ model, gain }: ModelSummary) => (model === baseline ? 0 : (gain?.mean.mean ?? NaN));
  const byGain = models.every((each) => Number.isFinite(gainOf(each)));
  const last = (rank: number) => (Number.isNaN(rank) ? Number.MAX_VALUE : rank);
  placed.sort((a, b) => (byGain ? gainOf(b.summary) - gainOf(a.summary) : last(a.rank) - last(b.rank)));
  const [first] = placed;
  if (!first) return [];
  const name = first.summary.model;
  const useless = summary.columns.filter((column) => !beatsConstant(summary, first.summary, column));
  const overFirst = byGain
    ? overallGains(byModel, summary.columns, baseline, leftOut, name)
    : overallGains(byModel, summary.columns, name, useless);
  return placed.map((each, place) => {
    const { model, gain } = each.summary;
    const isMarked = byGain && model === baseline; // the mark of the first model is this test
    const isBeaten = isMarked ? first.summary.gain?.verdict === 'better' : overFirst.get(model)?.verdict === 'worse';
    return {
      ...each,
      rank: byGain ? place + 1 : each.rank,
      beatenBy: [...(isBeaten ? [name] : []), ...(gain?.verdict === 'worse' && name !== baseline ? [baseline] : [])],
      beatsFirst: !isMarked && overFirst.get(model)?.verdict === 'better',
    };
  });
}

/** The mean rank of each model over the columns and the seeds that all models have. */
function ranksOf(own: ReadonlyMap<string, readonly TrialResult[]>, columns: readonly Column[]): Map<string, number> {
  const names = [...own.keys()];
  const ranks = (own.get(names[0]!) ?? []).flatMap((first) => {
    const trials = present(names.map((name) => own.get(name)!.find((trial) => pairOf(trial) === pairOf(first))));
    if (trials.length < names.length) return [];
    return columns.map((column) => {
      const values = trials.map((trial) => valueOf(trial, column));
      const { direction } = metricFormat(column.metric);
      return values.map((value) => {
        const ahead = values.filter((each) => isBetter(direction, each, value)).length;
        const level = values.filter((each) => each === value).length;
        return ahead + (level + 1) / 2;
      });
    });
  });
  return new Map(names.map((name, i) => [name, mean(ranks.map((each) => each[i]!))]));
}

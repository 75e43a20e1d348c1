import { isBetter, meanInterval, multiTaskGain, pairedDifference } from '@polytask/metrics';
import { isAmong } from '../summary/constants.ts';
import { paired, valueOf } from '../summary/comparisons.ts';
import { metricFormat } from '../summary/metric-rows.ts';
import { mainColumns } from '../summary/overall-gain.ts';
import type { Column, ModelSummary, Summary } from '../summary/summary.ts';
import type { TrialResult } from '../results/trial-result.ts';

/** A model's place in a comparison. */
export interface Standing {
  readonly summary: ModelSummary;
  /** The mean rank over main metrics and seeds; 1 is the best. NaN if nothing can be ranked. */
  readonly rank: number;
  /** The models that are better beyond chance, each in a test of this pair alone. */
  readonly beatenBy: readonly string[];
}

const LEVEL = 0.05;

/**
 * The models of a table, the best one first: by the overall gain over the baseline, or by the mean rank where a model has no gain.
 *
 * Each pair of models has one test: a paired t test over seeds at 5% of the multi-task gain of one over the other. A pair is a family by
 * itself, so a further model doesn't change what is said of two others.
 *
 * @param trials the trials of the summary
 */
export function standingsOf(summary: Summary, trials: readonly TrialResult[]): Standing[] {
  const { models, baseline } = summary;
  const own = new Map(models.map(({ model }) => [model, trials.filter((trial) => trial.model === model)]));
  const columns = mainColumns(summary.columns).filter(
    (column) => !isAmong(column, summary.leftOut) && trials.every((trial) => Number.isFinite(valueOf(trial, column))),
  );
  const beats = (a: string, b: string) => isAhead(own.get(a)!, own.get(b)!, columns);
  const ranks = ranksOf(own, columns);
  const standings = models.map((each): Standing => ({
    summary: each,
    rank: ranks.get(each.model)!,
    beatenBy: models.filter(({ model }) => model !== each.model && beats(model, each.model)).map(({ model }) => model),
  }));
  const gainOf = ({ summary: { model, gain } }: Standing) => (model === baseline ? 0 : (gain?.mean.mean ?? NaN));
  const byGain = standings.every((each) => Number.isFinite(gainOf(each)));
  return standings.sort((a, b) => (byGain ? gainOf(b) - gainOf(a) : orderOf(a.rank, b.rank)));
}

/** Numbers in their order, with NaN at the end. */
const orderOf = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;

/** Whether a model is better than another over all tasks, beyond chance. */
function isAhead(a: readonly TrialResult[], b: readonly TrialResult[], columns: readonly Column[]): boolean {
  const pairs = paired(a, b);
  if (pairs.length < 2 || columns.length === 0) return false;
  const directions = columns.map(({ metric }) => metricFormat(metric).direction);
  const valuesOf = (trial: TrialResult) => columns.map((column) => valueOf(trial, column));
  const gains = pairs.map(([own, other]) => multiTaskGain(valuesOf(own), valuesOf(other), directions).mean);
  if (!gains.every(Number.isFinite)) return false;
  const { mean, pValue } = pairedDifference(
    gains,
    gains.map(() => 0),
  );
  return mean > 0 && pValue < LEVEL;
}

/** The mean rank of each model over the columns and the seeds that all models have. */
function ranksOf(own: ReadonlyMap<string, readonly TrialResult[]>, columns: readonly Column[]): Map<string, number> {
  const names = [...own.keys()];
  const ranks = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const { seed } of own.get(names[0]!) ?? []) {
    const trials = names.map((name) => own.get(name)!.find((trial) => trial.seed === seed));
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

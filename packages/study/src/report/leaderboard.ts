import { pairing, pairOf } from '../results/folds.ts';
import { metricTitle, metricFormat } from '../summary/metric-entries.ts';
import { isAmong, LEAST_SEEDS, mainColumns, overallGains, valueOf } from '../summary/comparisons.ts';
import { beatsConstant } from '../summary/score-table.ts';
import type { Summary, Column, ModelSummary } from '../summary/summary.ts';
import { columnDigits, differenceRows, signedCell, SIGNS } from './differences.ts';
import { formatCount, formatNumber, formatPercent, present } from '../format.ts';
import { type ColumnOf, type Table, tableOf } from './blocks.ts';
import { mean } from '@polytask/components';
import { isBetter } from '@polytask/metrics';
import type { TrialResult } from '../results/trial-result.ts';

/** The models, the best one first: the gain over the baseline, the main metric of each task, and the size. */
export function leaderboard(summary: Summary, standings: readonly Standing[]): Table {
  const { baseline, models } = summary;
  const differences = differenceRows(summary);
  const room = Math.max(0, ...differences.map(({ verdict }) => SIGNS[verdict].length)); // so that the numbers align
  const hasGain = models.some(({ gain }) => gain);
  const hasRank = !hasGain && standings.some(({ rank }) => !Number.isNaN(rank));
  const uneven = models.some(({ seeds }) => seeds.length !== summary.seeds.length);
  return tableOf(standings, [
    { title: 'model', cell: ({ summary: { model } }) => (model === baseline ? `${model} (baseline)` : model) },
    hasGain && {
      title: 'gain %',
      cell: ({ summary: { gain } }) => gain && signedCell(formatPercent({ ...gain.mean, high: NaN }), gain.verdict),
    },
    hasRank && { title: 'mean rank', cell: ({ rank }) => rank.toFixed(2) },
    ...mainColumns(summary.columns).map((column): ColumnOf<Standing> => ({
      ...{ over: column.task, title: metricTitle(column.metric) },
      cell({ summary: { model, metrics } }) {
        const { task, metric } = column;
        const text = formatNumber(metrics[task]![metric]!.mean, columnDigits(summary, column));
        const row = differences.find((each) => each.model === model && isAmong(column, [each]));
        const cell = row ? signedCell(text, row.verdict) : { text };
        return { ...cell, text: cell.text.padEnd(text.length + room) };
      },
    })),
    { title: 'parameters', cell: ({ summary: { parameters } }) => known(parameters, formatCount) },
    uneven && {
      title: `${pairing(summary.config).noun}s`,
      cell: ({ summary: { seeds } }) => String(seeds.length),
    },
  ]);
}

/** A cost. Nothing for a model that was trained elsewhere, whose costs are 0 in the results. */
export const known = (cost: number, format: (value: number) => string): string => (cost > 0 ? format(cost) : '');

export function leaderboardNotes({ baseline, models, seeds, config }: Summary): string[] {
  const { noun } = pairing(config);
  if (!models.some(({ gain }) => gain)) return [`Sorted by the mean rank over tasks and ${noun}s.`];
  return present([
    `Sorted by the gain: the mean relative improvement over ${baseline} in the first metric of each task.`,
    seeds.length >= LEAST_SEEDS && `▲ significantly better, ▼ significantly worse than ${baseline}.`,
  ]);
}

/** A model's place in a comparison. */
export interface Standing {
  readonly summary: ModelSummary;
  readonly trials: readonly TrialResult[];
  /** The mean rank over main metrics and seeds; 1 is the best. NaN if nothing can be ranked, or no model is better than a constant. */
  readonly rank: number;
  /** Which of the first model and the baseline are significantly better. */
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
  const scored = mainColumns(summary.columns).filter((column) =>
    trials.every((trial) => Number.isFinite(valueOf(trial, column))),
  );
  const counted = scored.filter((column) => !isAmong(column, leftOut));
  const hasGains = counted.length > 0;
  const isUseful = (column: Column) => models.some((each) => beatsConstant(summary, each, column));
  const ranks = ranksOf(byModel, hasGains ? counted : scored.filter(isUseful)); // the baseline may be useless, and another model not
  const placed = models.map((each) => {
    return { summary: each, trials: byModel.get(each.model)!, rank: ranks.get(each.model)! };
  });
  const gainOf = ({ model, gain }: ModelSummary) => (model === baseline ? 0 : (gain?.mean.mean ?? NaN));
  const byGain = models.every((each) => Number.isFinite(gainOf(each)));
  const last = (rank: number) => (Number.isNaN(rank) ? Number.MAX_VALUE : rank);
  placed.sort((a, b) => (byGain ? gainOf(b.summary) - gainOf(a.summary) : last(a.rank) - last(b.rank)));
  const [first] = placed;
  if (!first) return [];
  const useless = summary.columns.filter((column) => !beatsConstant(summary, first.summary, column));
  const overFirst = overallGains(byModel, summary.columns, first.summary.model, hasGains ? leftOut : useless);
  const losesToFirst = ({ model }: ModelSummary) =>
    model === baseline && hasGains
      ? first.summary.gain?.verdict === 'better'
      : overFirst.get(model)?.verdict === 'worse';
  return placed.map((each) => ({
    ...each,
    beatenBy: [
      ...(losesToFirst(each.summary) ? [first.summary.model] : []),
      ...(each.summary.gain?.verdict === 'worse' && first.summary.model !== baseline ? [baseline] : []),
    ],
  }));
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

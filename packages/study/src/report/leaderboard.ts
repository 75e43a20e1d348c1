import { pairing } from '../results/folds.ts';
import { metricTitle } from '../summary/metric-entries.ts';
import { isAmong, LEAST_SEEDS, mainColumns } from '../summary/comparisons.ts';
import { columnDigits, differenceRows } from '../summary/difference-rows.ts';
import type { Standing } from '../summary/standings.ts';
import type { Summary } from '../summary/summary.ts';
import { signedCell, SIGNS } from './differences.ts';
import { formatCount, formatNumber, formatPercent, present } from '../format.ts';
import { type ColumnOf, type Table, tableOf } from './blocks.ts';

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

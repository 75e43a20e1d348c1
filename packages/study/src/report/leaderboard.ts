import { pairing } from '../results/folds.ts';
import { metricTitle } from '../summary/metric-entries.ts';
import { mainColumns } from '../summary/overall-gain.ts';
import type { Summary } from '../summary/summary.ts';
import { columnDigits, differenceRows, signedCell, SIGNS } from './differences.ts';
import { counted, formatCount, formatPercent } from '../format.ts';
import type { Standing } from './standings.ts';
import type { Cell, Table } from './table.ts';

/** The models, the best one first: the gain over the baseline, the main metric of each task, and the size. */
export function leaderboard(summary: Summary, standings: readonly Standing[]): Table {
  const { baseline, models } = summary;
  const differences = differenceRows(summary);
  const room = Math.max(0, ...differences.map(({ verdict }) => SIGNS[verdict].length)); // so that the numbers align
  const hasGain = models.some(({ gain }) => gain);
  const hasRank = !hasGain && standings.some(({ rank }) => !Number.isNaN(rank));
  const uneven = models.some(({ seeds }) => seeds.length !== summary.seeds.length);
  const columns = mainColumns(summary.columns);
  return {
    columns: [
      { title: 'model' },
      ...(hasGain ? [{ title: 'gain %' }] : []),
      ...(hasRank ? [{ title: 'mean rank' }] : []),
      ...columns.map(({ task, metric }) => ({ over: task, title: metricTitle(metric) })),
      { title: 'parameters' },
      ...(uneven ? [{ title: `${pairing(summary.config).noun}s` }] : []),
    ],
    rows: standings.map(({ summary: { model, gain, metrics, parameters, seeds }, rank }): Cell[] => [
      { text: model === baseline ? `${model} (baseline)` : model },
      ...(hasGain ? [gain ? signedCell(formatPercent({ ...gain.mean, high: NaN }), gain.verdict) : { text: '' }] : []),
      ...(hasRank ? [{ text: rank.toFixed(2) }] : []),
      ...columns.map((column) => {
        const { task, metric } = column;
        const value = metrics[task]![metric]!.mean;
        const text = Number.isNaN(value) ? '–' : value.toFixed(columnDigits(summary, column));
        const row = differences.find((each) => each.model === model && each.task === task && each.metric === metric);
        const cell = row ? signedCell(text, row.verdict) : { text };
        return { ...cell, text: cell.text.padEnd(text.length + room) };
      }),
      { text: parameters > 0 ? formatCount(parameters) : '' },
      ...(uneven ? [{ text: String(seeds.length) }] : []),
    ]),
  };
}

/** The explanation of the leaderboard, in sentences. */
export function leaderboardNotes({ baseline, models, seeds, comparisons, config }: Summary): string[] {
  const { noun, tests: kind } = pairing(config);
  if (!models.some(({ gain }) => gain))
    return models.length < 2 ? [] : [`Sorted by the mean rank over tasks and ${noun}s.`];
  const tests = Object.values(comparisons).map(({ family }) => family);
  return [
    `Sorted by the gain: the mean relative improvement over ${baseline} in the first metric of each task.`,
    ...(seeds.length > 1
      ? [
          `▲ better, ▼ worse than ${baseline} beyond chance: a gain among ${counted(models.length - 1, 'gain')}, ` +
            `a score among ${counted(Math.max(...tests), 'comparison')} in its metric (${kind} over ${noun}s, 5%, Holm).` +
            (models.length > 2 ? ' The advice compares the gains over the first model in the same way.' : ''),
        ]
      : []),
  ];
}

import type { Verdict } from '@polytask/metrics';
import { metricRow } from '../summary/metric-rows.ts';
import type { ScoreTable } from '../summary/summary.ts';
import { differenceRows, metricTitle } from './difference-rows.ts';
import { formatDifference } from './format.ts';
import type { ResultTable } from './result-table.ts';

const MARKS: Readonly<Record<Verdict, string>> = { better: ' ▲', worse: ' ▼', 'no difference': '  ', untested: '' };

/**
 * The differences from the baseline: a row a model, a column a task and metric, then wins, losses and rank in each metric.
 *
 * @param ahead by model, in how many configurations of a search it is ahead of the baseline: a column more
 */
export function comparisonTable(
  scores: ScoreTable,
  ahead: ReadonlyMap<string, string> = new Map(),
): ResultTable | undefined {
  const { columns, comparisons, models, baseline } = scores;
  const metrics = Object.keys(comparisons);
  if (metrics.length === 0) return undefined;
  const differences = differenceRows(scores);
  const rows = models.map(({ model }) => [
    model,
    ...columns.map(({ task, metric }) => {
      const row = differences.find((each) => each.model === model && each.task === task && each.metric === metric);
      return row ? `${formatDifference(row, metricRow(metric)?.digits ?? 4)}${MARKS[row.verdict]}` : '';
    }),
    ...metrics.flatMap((metric) => {
      const { models: compared, ranks } = comparisons[metric]!;
      const own = model === baseline ? undefined : compared[model];
      return [
        own ? `${own.wins}–${own.losses}${own.seesaw ? ' seesaw' : ''}` : '',
        ranks.blocks === 0 ? '–' : ranks.average[model]!.toFixed(2),
      ];
    }),
    ...(ahead.size > 0 ? [ahead.get(model) ?? ''] : []),
  ]);
  return {
    columns: [
      { group: 'model', over: '', title: 'model' },
      ...columns.map(({ task, metric }) => ({ group: task, over: task, title: metricTitle(metric) })),
      ...metrics.flatMap((metric) =>
        ['won–lost', 'rank'].map((title) => ({ group: metric, over: metricRow(metric)?.label ?? metric, title })),
      ),
      ...(ahead.size > 0 ? [{ group: 'search', over: 'configurations', title: 'ahead' }] : []),
    ],
    rows: rows.map((cells) => cells.map((text) => ({ text, winner: false }))),
  };
}

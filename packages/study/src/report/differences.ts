import type { Verdict } from '@polytask/metrics';
import { metricFormat, metricTitle } from '../summary/metric-rows.ts';
import { aheadOf } from '../summary/sensitivity.ts';
import type { ScoreTable, Summary } from '../summary/summary.ts';
import { digitsToShow, formatDifference, formatP } from './format.ts';
import type { TextTable } from './plain-text.ts';
import type { ResultTable } from './result-table.ts';

/** The difference between a model and the baseline in one metric of one task. */
export interface DifferenceRow {
  readonly model: string;
  readonly task: string;
  readonly metric: string;
  /** How many seeds both models have. */
  readonly seeds: number;
  /** Model − baseline, in the metric's own unit. */
  readonly difference: number;
  /** The 95% t interval. */
  readonly low: number;
  readonly high: number;
  /** The 95% bootstrap interval. */
  readonly bootstrapLow: number;
  readonly bootstrapHigh: number;
  readonly pValue: number;
  /** The p value after Holm's correction over all models and tasks of the metric. */
  readonly adjustedPValue: number;
  readonly verdict: Verdict;
}

/** All differences of a table: metric by metric, model by model, task by task. */
export const differenceRows = ({ comparisons, models }: Pick<ScoreTable, 'comparisons' | 'models'>): DifferenceRow[] =>
  Object.entries(comparisons).flatMap(([metric, comparison]) =>
    models.flatMap(({ model }) =>
      Object.entries(comparison.models[model]?.tasks ?? {}).map(
        ([task, { seeds, difference, bootstrap, adjustedPValue, verdict }]): DifferenceRow => ({
          model,
          task,
          metric,
          seeds: seeds.length,
          difference: difference.mean,
          low: difference.low,
          high: difference.high,
          bootstrapLow: bootstrap.low,
          bootstrapHigh: bootstrap.high,
          pValue: difference.pValue,
          adjustedPValue,
          verdict,
        }),
      ),
    ),
  );

/** All differences as text. @returns undefined where there are none */
export function differenceTable(scores: ScoreTable): TextTable | undefined {
  const rows = differenceRows(scores).map((row) => {
    const digits = digitsToShow(row.high - row.difference, metricFormat(row.metric).digits);
    const between = (low: number, high: number) =>
      Number.isNaN(low) ? '–' : `${low.toFixed(digits)} to ${high.toFixed(digits)}`;
    return [
      row.model,
      row.task,
      metricTitle(row.metric),
      formatDifference({ difference: row.difference, high: NaN }, digits),
      between(row.low, row.high),
      between(row.bootstrapLow, row.bootstrapHigh),
      formatP(row.pValue),
      formatP(row.adjustedPValue),
      row.verdict,
    ];
  });
  const intervals = ['95% t interval', '95% bootstrap interval'];
  const head = ['model', 'task', 'metric', 'difference', ...intervals, 'p', 'p (Holm)', 'verdict'];
  return rows.length === 0 ? undefined : { head, rows };
}

/** The sign of a verdict in tables. */
export const SIGNS: Readonly<Record<Verdict, string>> = {
  better: ' ▲',
  worse: ' ▼',
  'no difference': '  ',
  untested: '',
};

/**
 * The differences from the baseline in a wide table. Rows are models. Columns are the metrics of the tasks, then the wins, losses
 * and rank in each metric. The table of a whole summary also says in how many configurations a model is ahead of the baseline.
 *
 * @returns undefined where no model is compared with a baseline
 */
export function comparisonTable(scores: ScoreTable | Summary): ResultTable | undefined {
  const { columns, comparisons, models, baseline } = scores;
  const metrics = Object.keys(comparisons);
  if (metrics.length === 0) return undefined;
  const differences = differenceRows(scores);
  const ahead = 'sensitivity' in scores ? aheadOf(scores) : new Map<string, string>();
  const rows = models.map(({ model }) => [
    model,
    ...columns.map(({ task, metric }) => {
      const row = differences.find((each) => each.model === model && each.task === task && each.metric === metric);
      return row ? `${formatDifference(row, metricFormat(metric).digits)}${SIGNS[row.verdict]}` : '';
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
      ...columns.map(({ task, metric }) => ({ group: `task ${task}`, over: task, title: metricTitle(metric) })),
      ...metrics.flatMap((metric) =>
        ['won–lost', 'rank'].map((title) => ({ group: metric, over: metricFormat(metric).label, title })),
      ),
      ...(ahead.size > 0 ? [{ group: 'search', over: 'configurations', title: 'ahead' }] : []),
    ],
    rows: rows.map((cells) => cells.map((text) => ({ text }))),
  };
}

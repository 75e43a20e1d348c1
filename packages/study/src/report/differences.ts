import type { Verdict } from '@polytask/metrics';
import { isAmong, LEVEL } from '../summary/comparisons.ts';
import { type DifferenceRow, differenceRows } from '../summary/difference-rows.ts';
import { metricFormat, metricTitle } from '../summary/metric-entries.ts';
import { aheadOf } from '../summary/sensitivity.ts';
import type { ModelScores, ScoreTable, Summary } from '../summary/summary.ts';
import { digitsToShow, firstJoined, formatDifference, formatP } from '../format.ts';
import { type Cell, type ColumnOf, type Table, tableOf } from './blocks.ts';

type Scores = Pick<ScoreTable, 'comparisons' | 'models'>;

export function differenceTable(scores: Scores): Table | undefined {
  const rows = differenceRows(scores);
  if (rows.length === 0) return undefined;
  const shown = ({ high, difference, digits }: DifferenceRow) => digitsToShow(high - difference, digits);
  const between = (low: number, high: number, digits: number) =>
    Number.isNaN(low) ? '–' : `${low.toFixed(digits)} to ${high.toFixed(digits)}`;
  return tableOf(rows, [
    { title: 'model', cell: ({ model }) => model },
    { title: 'task', cell: ({ task }) => task },
    { title: 'metric', cell: ({ metric }) => metricTitle(metric) },
    { title: 'difference', cell: (row) => formatDifference({ ...row, high: NaN }, shown(row)) },
    { title: '95% t interval', cell: (row) => between(row.low, row.high, shown(row)) },
    { title: '95% bootstrap interval', cell: (row) => between(row.bootstrapLow, row.bootstrapHigh, shown(row)) },
    { title: 'p', cell: ({ pValue }) => formatP(pValue) },
    { title: 'p (Holm)', cell: ({ adjustedPValue }) => formatP(adjustedPValue) },
    { title: 'verdict', cell: ({ verdict }) => ({ text: VERDICTS[verdict], tone: toneOf(verdict) }) },
  ]);
}

/** The verdicts in words. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  better: 'better',
  worse: 'worse',
  'no difference': 'could be chance',
  untested: 'untested',
};

/** The sign of a verdict in tables. */
export const SIGNS: Readonly<Record<Verdict, string>> = {
  better: ' ▲',
  worse: ' ▼',
  'no difference': '  ',
  untested: '',
};

const toneOf = (verdict: string): Cell['tone'] =>
  verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : undefined;

export const signedCell = (text: string, verdict: Verdict): Cell => ({
  text: `${text}${SIGNS[verdict]}`,
  tone: toneOf(verdict),
});

/**
 * The differences from the baseline, a row for each model: the metrics of the tasks, then wins, losses and rank in each metric, and for a
 * whole summary in how many configurations a model is ahead. Undefined where nothing is compared.
 */
export function comparisonTable(scores: ScoreTable | Summary): Table | undefined {
  const { columns, comparisons, models, baseline } = scores;
  const metrics = Object.keys(comparisons);
  if (metrics.length === 0) return undefined;
  const differences = differenceRows(scores);
  const ahead = 'sensitivity' in scores ? aheadOf(scores) : new Map<string, string>();
  return tableOf(models, [
    { title: 'model', cell: ({ model }) => model },
    ...columns.map(({ task, metric }): ColumnOf<ModelScores> => ({
      ...{ group: `task ${task}`, over: task, title: metricTitle(metric) },
      cell({ model }) {
        const row = differences.find((each) => each.model === model && isAmong(each, [{ task, metric }]));
        return row && signedCell(formatDifference(row, row.digits), row.verdict);
      },
    })),
    ...metrics.flatMap((metric): ColumnOf<ModelScores>[] => {
      const { models: compared, ranks } = comparisons[metric]!;
      const about = { group: metric, over: metricFormat(metric).label };
      return [
        {
          ...{ ...about, title: 'won–lost' },
          cell({ model }) {
            const own = model === baseline ? undefined : compared[model];
            return own && `${own.wins}–${own.losses}${own.seesaw ? ' seesaw' : ''}`;
          },
        },
        { ...about, title: 'rank', cell: ({ model }) => (ranks.blocks === 0 ? '–' : ranks.average[model]!.toFixed(2)) },
      ];
    }),
    ahead.size > 0 && {
      group: 'search',
      over: 'configurations',
      title: 'ahead',
      cell: ({ model }) => ahead.get(model),
    },
  ]);
}

/** The differences that are significant only without the correction, in a sentence. */
export function correctedAway({ comparisons, models }: Scores): string[] {
  const rows = differenceRows({ comparisons, models }).filter(
    ({ pValue, verdict }) => verdict === 'no difference' && pValue <= LEVEL,
  );
  if (rows.length === 0) return [];
  const named = rows.map(
    ({ model, task, metric, pValue }) => `${model} on ${task} in ${metricFormat(metric).label} (p ${formatP(pValue)})`,
  );
  return [`Significant alone, but not after the correction for all comparisons of a metric: ${firstJoined(named)}.`];
}

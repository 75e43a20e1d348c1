import { metricRow } from '../summary/metric-rows.ts';
import { metricTitle, type DifferenceRow } from './difference-rows.ts';
import { digitsToShow, formatDifference, formatP } from './format.ts';

export const DIFFERENCE_HEAD = [
  'model',
  'task',
  'metric',
  'difference',
  '95% t interval',
  '95% bootstrap interval',
  'p',
  'p (Holm)',
  'verdict',
];

/** A difference as the cells of a table. */
export function differenceCells(row: DifferenceRow): string[] {
  const digits = digitsToShow(row.high - row.difference, metricRow(row.metric)?.digits ?? 4);
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
}

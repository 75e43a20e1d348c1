import { groupBy } from '@polytask/components';
import { firstJoined, formatCount, joined, NAMED } from '../format.ts';
import { amount, metricFormat } from './metric-entries.ts';
import type { Column } from './summary.ts';

/** A prediction of the base rate, the class shares or the mean, as reports call it. */
export const CONSTANT = 'constant prediction';

/** A column with a difference in the unit of its metric. */
export interface DifferenceOn extends Column {
  readonly difference: number;
}

/** Scores in words, those of a metric together: `AUC 0.89 on income, 0.87 on married and RMSE 3 on hours`. */
export const scored = <C extends Column>(columns: readonly C[], textOf: (column: C) => string): string =>
  joined(
    [...groupBy(columns, ({ metric }) => metric)].flatMap(([metric, own]) =>
      own.map((column, i) => `${i === 0 ? `${metricFormat(metric).label} ` : ''}${textOf(column)} on ${column.task}`),
    ),
  );

/** `income in AUC` */
export const inMetric = ({ task, metric }: Column): string => `${task} in ${metricFormat(metric).label}`;

/** `AUC and RMSE` */
export const metricsIn = (columns: readonly Column[]): string =>
  joined([...new Set(columns.map(({ metric }) => metricFormat(metric).label))]);

/** `a, b and c`, or `a, b, c and 4 more tasks` */
export function taskNames(columns: readonly Column[]): string {
  const names = firstJoined(columns.map(({ task }) => task));
  return columns.length > NAMED ? `${names} ${columns.length === NAMED + 1 ? 'task' : 'tasks'}` : names;
}

/** `.03 AUC`, `.01 to .03 AUC and 0.2 RMSE` */
export const byMetric = (columns: readonly DifferenceOn[]): string =>
  joined(
    [...groupBy(columns, ({ metric }) => metric)].map(([metric, own]) => {
      const values = own.map(({ difference }) => difference);
      const ends = [Math.min(...values), Math.max(...values)].map(about);
      return `${[...new Set(ends)].join(' to ')} ${metricFormat(metric).label}`;
    }),
  );

/** A value with one significant digit: `.03`, `2,000`. */
function about(value: number): string {
  const rounded = Number(value.toPrecision(1));
  return rounded >= 1 ? formatCount(rounded) : rounded.toFixed(-Math.floor(Math.log10(rounded))).slice(1);
}

/** `.0022 AUC`, `.0022 and .0010 AUC`, `up to .0022 AUC` */
export const amounts = (columns: readonly DifferenceOn[]): string =>
  joined(
    [...groupBy(columns, ({ metric }) => metric)].map(([metric, own]) => {
      const shown = own.map(({ difference }) => amount(difference, metric));
      const largest = amount(Math.max(...own.map(({ difference }) => difference)), metric);
      const isSame = new Set(shown).size === 1;
      return `${isSame ? largest : own.length > NAMED ? `up to ${largest}` : joined(shown)} ${metricFormat(metric).label}`;
    }),
  );

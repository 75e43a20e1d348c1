import { fail, shown } from '@polytask/components';
import type { Labeled, Objective } from './objective.ts';

/**
 * @param classes the number of classes, where it is known
 * @param task the name of one of several tasks, whose labels may be missing: NaN
 * @throws PolytaskError
 */
export function checkLabels(
  { labels, weights }: Labeled,
  rows: number,
  { takes, fits }: Objective,
  classes?: number,
  task?: string,
): void {
  checkLength('labels', labels, rows);
  const isMissing = (row: number) => task !== undefined && Number.isNaN(labels[row]!);
  for (let row = 0; row < rows; row++)
    if (!isMissing(row) && !fits(labels[row]!, classes))
      fail({
        expected: `${takes}${fits(labels[row]!) ? ` and below ${classes}` : ''} for each label${task === undefined ? '' : ` of task "${task}"`}`,
        received: `${shown(labels[row])} in row ${row}`,
        fix: 'Leave out rows without a label.',
      });
  if (!weights) return;
  checkLength('weights', weights, rows);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row]!;
    if (!(weight >= 0 && weight < Infinity))
      fail({
        expected: 'a number of 0 or more for each weight',
        received: `${shown(weight)} in row ${row}`,
        fix: 'A row of weight 0 has no effect.',
      });
    if (!isMissing(row)) total += weight;
  }
  if (total === 0)
    fail({
      expected: 'a row with weight',
      received: 'weights of 0 only',
      fix: 'Leave out the weights: each row then counts once.',
    });
}

function checkLength(what: string, values: ArrayLike<number>, rows: number): void {
  if (values.length !== rows)
    fail({
      expected: `${rows} ${what}, one for each row`,
      received: String(values.length),
      fix: `Pass columns and ${what} of the same rows.`,
    });
}

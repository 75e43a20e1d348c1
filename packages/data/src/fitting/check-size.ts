import type { Table } from '../table/table.ts';
import { wrongValue } from '../table/wrong-value.ts';
import { LARGEST } from './moments.ts';

/**
 * Throws for a number whose square double precision can't hold: no deviation could be found beside it.
 *
 * @param scaled the number as it is fitted, after the logarithm where there is one
 * @param value the number as it stands in the row
 * @param what such as `a label`
 * @param withLog the declaration that takes the logarithm, for the message
 */
export function checkSize(
  scaled: number,
  value: number,
  what: string,
  withLog: string,
  column: string,
  table: Table,
  row: number,
): void {
  if (!(Math.abs(scaled) > LARGEST)) return;
  const cell = String(value).replace('e+', 'e'); // as most files write it
  const mend = `Correct the cell, pass missing: ["${cell}"] where it means no value, or ${withLog}.`;
  wrongValue(value, `${what} between -${LARGEST} and ${LARGEST}`, column, table.where(row), mend);
}

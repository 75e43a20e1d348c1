import { fail, suggestion } from '@polytask/core';
import type { Table } from './table.ts';

/**
 * A number for each row, the same where a column has the same value: the groups of `evaluate`, for AUC by user, and of
 * `splitRows`. The column is a feature's, a label's, or one named in `keep`.
 *
 * @throws PolytaskError where the column is not there or has gaps
 * @example await evaluate(model, test, { groups: groupsOf(raw.test, 'user_id') });
 */
export function groupsOf({ columns, where }: Table, column: string): ArrayLike<number> {
  const groups = columns.texts[column]?.codes ?? columns.numbers[column];
  if (!groups) {
    return fail({
      expected: `column "${column}" in the table, to group rows by`,
      received: 'a table without it',
      mend: `${suggestion(column, [...Object.keys(columns.texts), ...Object.keys(columns.numbers)])} A column that is neither feature nor label is read with keep: ["${column}"].`,
    });
  }
  const missing = columns.texts[column] ? -1 : NaN;
  const gap = Array.prototype.findIndex.call(groups, (group) => Object.is(group, missing));
  if (gap >= 0) {
    fail({
      expected: `a value in every row of column "${column}", to group rows by`,
      received: `none in ${where(gap)}`,
      mend: 'Give those rows a value of their own, or leave them out.',
    });
  }
  return groups;
}

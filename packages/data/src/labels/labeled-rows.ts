import { fail, type Task } from '@polytask/core';
import { columnIn, type ColumnRows } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';

/** Reads the sample weight of a row, 1 without a column of weights. @throws PolytaskError for one that is missing, negative or not held by 32 bits */
export function weightReader(table: ColumnRows, { weightFrom }: Task): (row: number) => number {
  if (weightFrom === undefined) return () => 1;
  const values = columnIn(table, 'numbers', weightFrom);
  return (row) => {
    const weight = values[row]!;
    const rounded = Math.fround(weight); // as batches hold it
    if (weight === 0 || (rounded > 0 && rounded < Infinity)) return weight;
    return wrongValue(
      Number.isNaN(weight) ? null : weight,
      weight > 0 ? 'a sample weight of 0, or from 1e-45 to 3.4e38, as 32 bits hold,' : 'a sample weight of 0 or more',
      weightFrom,
      table.where(row),
      'Correct it, or divide all weights by their mean; a row of weight 0 is left out.',
    );
  };
}

/** Visits and counts the rows that have a label (undefined or NaN where it is missing) and a sample weight above 0. */
export function labeledRows(name: string, task: Task) {
  let [size, labeled] = [0, 0];
  return {
    visit<L>(
      table: ColumnRows,
      rows: ArrayLike<number>,
      labelOf: (row: number) => L | undefined,
      take: (label: L, weight: number, row: number) => void,
    ): void {
      const weightOf = weightReader(table, task);
      size += rows.length;
      for (let i = 0; i < rows.length; i++) {
        const label = labelOf(rows[i]!);
        if (label === undefined || Number.isNaN(label)) continue;
        const weight = weightOf(rows[i]!);
        if (weight === 0) continue;
        labeled++;
        take(label, weight, rows[i]!);
      }
    },
    /** @throws PolytaskError when no row had a label */
    check(): void {
      if (labeled > 0) return;
      const weighted = task.weightFrom === undefined ? '' : `, or its weight in column "${task.weightFrom}" is 0`;
      fail({
        expected: `a label for task "${name}" in at least one training row`,
        received: `${size} rows where column "${task.from ?? name}" is missing${weighted}`,
        fix: 'Look at the column and at the markers for missing values, or leave the task out.',
      });
    },
  };
}

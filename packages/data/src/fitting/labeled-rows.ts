import { fail, type Task } from '@polytask/core';
import { columnIn, type Table } from '../table/table.ts';
import { wrongValue } from '../table/wrong-value.ts';

/** The sample weight of a row, 1 without a column of weights. @throws PolytaskError with its place where it is none */
export function weightReader(table: Table, { weightFrom }: Task): (row: number) => number {
  if (weightFrom === undefined) return () => 1;
  const values = columnIn(table, 'numbers', weightFrom);
  return (row) => {
    const weight = values[row]!;
    if (weight >= 0) return weight;
    return wrongValue(
      Number.isNaN(weight) ? null : weight,
      'a sample weight of 0 or more',
      weightFrom,
      table.where(row),
      'Correct it; a row of weight 0 is left out.',
    );
  };
}

/** Goes over the rows that have a label, and throws in the end where there was none. */
export interface LabeledRows {
  /**
   * @param labelOf the label of a row, undefined where it is missing
   * @param take is called with the labels and their sample weights, which are above 0
   */
  visit<L>(
    table: Table,
    rows: ArrayLike<number>,
    labelOf: (row: number) => L | undefined,
    take: (label: L, weight: number, row: number) => void,
  ): void;
  /** @throws PolytaskError where no row had a label */
  check(): void;
}

export function labeledRows(name: string, task: Task): LabeledRows {
  const column = task.from ?? name;
  let [seen, found] = [0, 0];
  return {
    visit(table, rows, labelOf, take) {
      const weightOf = weightReader(table, task);
      seen += rows.length;
      for (let i = 0; i < rows.length; i++) {
        const label = labelOf(rows[i]!);
        const weight = label === undefined ? 0 : weightOf(rows[i]!);
        if (label === undefined || weight === 0) continue;
        found++;
        take(label, weight, rows[i]!);
      }
    },
    check() {
      if (found > 0) return;
      const weighted = task.weightFrom === undefined ? '' : `, or its weight in column "${task.weightFrom}" is 0`;
      fail({
        expected: `a label for task "${name}" in at least one training row`,
        received: `${seen} rows where column "${column}" is missing${weighted}`,
        mend: 'Look at the column and at the markers for missing values, or leave the task out.',
      });
    },
  };
}

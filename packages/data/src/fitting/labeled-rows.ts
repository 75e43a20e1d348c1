import { fail, type Task } from '@polytask/core';
import type { ColumnRows } from '../columns/columns.ts';
import { weightReader } from './labels.ts';

/** Visits the rows that have a label. */
interface LabeledRows {
  /**
   * @param labelOf the label of a row; undefined or NaN for a missing one
   * @param take receives each label, its sample weight (above 0), and its row
   */
  visit<L>(
    table: ColumnRows,
    rows: ArrayLike<number>,
    labelOf: (row: number) => L | undefined,
    take: (label: L, weight: number, row: number) => void,
  ): void;
  /** @throws PolytaskError when no row had a label */
  check(): void;
}

/** Counts the rows that have a label and a sample weight above 0. */
export function labeledRows(name: string, task: Task): LabeledRows {
  let [size, labeled] = [0, 0];
  return {
    visit(table, rows, labelOf, take) {
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
    check() {
      if (labeled > 0) return;
      const weighted = task.weightFrom === undefined ? '' : `, or its weight in column "${task.weightFrom}" is 0`;
      fail({
        expected: `a label for task "${name}" in at least one training row`,
        received: `${size} rows where column "${task.from ?? name}" is missing${weighted}`,
        mend: 'Look at the column and at the markers for missing values, or leave the task out.',
      });
    },
  };
}

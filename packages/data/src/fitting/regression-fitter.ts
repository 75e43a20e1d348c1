import { fail, signedLog, type RegressionTask } from '@polytask/core';
import { columnIn } from '../table/table.ts';
import { checkSize } from './check-size.ts';
import type { Fitter } from './fitter.ts';
import { Moments } from './moments.ts';
import { labeledRows } from './labeled-rows.ts';

/** Finds mean and deviation of the labels, after the logarithm where the task has one. */
export function regressionFitter(name: string, task: RegressionTask): Fitter<RegressionTask> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const moments = new Moments();
  return {
    add(table, rows) {
      const values = columnIn(table, 'numbers', column);
      const labelOf = (row: number) => (Number.isNaN(values[row]!) ? undefined : values[row]!);
      labels.visit(table, rows, labelOf, (label, weight, row) => {
        const value = task.log ? signedLog(label) : label;
        checkSize(value, label, 'a label', 'regression({ log: true })', column, table, row);
        moments.add(value, weight);
      });
    },
    finish() {
      labels.check();
      const { mean, deviation, count } = moments;
      if (deviation === 0) {
        fail({
          expected: `labels of task "${name}" that differ from each other in the training rows`,
          received: `${task.log ? 'one value' : String(mean)} in all ${count} of them`,
          mend: 'There is nothing to learn: leave the task out, or look at its column and at the split.',
        });
      }
      return task.scale === 'none' ? task : { ...task, fitted: { mean, deviation } };
    },
  };
}

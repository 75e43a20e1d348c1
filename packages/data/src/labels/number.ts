import { fail, signedLog, type Task } from '@polytask/core';
import { columnIn } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import { checkSize, type Fitter, Moments } from '../statistics/statistics.ts';
import type { LabelOfType, LabelType } from './label-type.ts';
import { labeledRows } from './labeled-rows.ts';

export const number: LabelType<LabelOfType<'number'>> = {
  needs: (_, column) => [{ kind: 'numbers', key: column, column }],
  reader(table, name, task, { minimum = -Infinity, maximum = Infinity }) {
    const column = task.from ?? name;
    const values = columnIn(table, 'numbers', column);
    return (row) => {
      const value = values[row]!;
      if (!(value < minimum || value > maximum)) return value;
      const range = maximum === Infinity ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
      const fix = 'Correct the cell, leave it empty, or declare another kind of task.';
      return wrongValue(value, `a number ${range} as the label of task "${name}"`, column, table.where(row), fix);
    };
  },
  fitter: fitterOf,
  parts: () => [{ what: 'the labels', type: 'number', valueOf: (y) => y }],
  missing: () => [],
};

/** Finds the mean and the standard deviation of the labels, after the logarithm where the task has one. */
function fitterOf(name: string, task: Task, label: LabelOfType<'number'>): Fitter<Task> {
  const { log, minimum } = label;
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const moments = new Moments();
  let [above, total] = [0, 0];
  return {
    add(table, rows) {
      labels.visit(table, rows, number.reader(table, name, task, label), (label, weight, row) => {
        const value = log ? signedLog(label) : label;
        checkSize(value, label, 'a label', `${task.kind}({ log: true })`, column, table, row);
        moments.add(value, weight);
        if (minimum !== undefined && label > minimum) above += weight;
        total += weight;
      });
    },
    finish() {
      labels.check();
      const { mean, deviation, count } = moments;
      if (deviation === 0) {
        fail({
          expected: `labels of task "${name}" that differ from each other in the training rows`,
          received: `${log ? 'one value' : String(mean)} in all ${count} of them`,
          fix: 'There is nothing to learn: leave the task out, or look at its column and at the split.',
        });
      }
      const rate = minimum === undefined ? undefined : above / total;
      return { ...task, fitted: { mean, deviation, ...(rate !== undefined && { rate }) } };
    },
  };
}

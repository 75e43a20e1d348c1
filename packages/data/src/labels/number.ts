import { fail, signedLog, type LabelOfType } from '@polytask/core';
import { columnIn, needOf, wrongValue } from '../columns/columns.ts';
import { checkSize, Moments } from '../statistics/statistics.ts';
import type { LabeledTask, LabelFit, LabelReading } from './label-reading.ts';

/** About normal, between 0 and 1: sums of three uniform numbers. */
const BELL = Array.from({ length: 125 }, (_, i) => ((i % 5) + (Math.floor(i / 5) % 5) + Math.floor(i / 25)) / 12);

export const number: LabelReading<LabelOfType<'number'>> = {
  needs: ({ column }) => [needOf('numbers', column)],
  reader(table, { name, column, label: { minimum = -Infinity, maximum = Infinity } }) {
    const values = columnIn(table, 'numbers', column);
    return (row) => {
      const value = values[row]!;
      if (!(value < minimum || value > maximum)) return value;
      const range = maximum === Infinity ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
      const fix = 'Correct the cell, leave it empty, or declare another kind of task.';
      return wrongValue(value, `a number ${range} as the label of task "${name}"`, column, table.where(row), fix);
    };
  },
  fit,
  parts: () => [{ what: 'the labels', type: 'number', valueOf: (y) => y }],
  cells({ column, label: { log, minimum, maximum = (minimum ?? 0) + 5 } }) {
    const shares = minimum === undefined ? BELL : [0, 0.2, 0.4, 1];
    const numbers = shares.map((share) => (minimum ?? 0) + share * (maximum - (minimum ?? 0)));
    return { [column]: log ? numbers.map(Math.expm1) : numbers };
  },
};

/** Finds the mean and the standard deviation of the labels, after the logarithm where the task has one. */
function fit({ name, column, task, label }: LabeledTask<LabelOfType<'number'>>): LabelFit<number> {
  const { log, minimum } = label;
  const moments = new Moments();
  let [above, total] = [0, 0];
  return {
    take(given, weight, table, row) {
      const value = log ? signedLog(given) : given;
      checkSize(value, given, 'a label', `${task.kind}({ log: true })`, column, table, row);
      moments.add(value, weight);
      if (minimum !== undefined && given > minimum) above += weight;
      total += weight;
    },
    finish() {
      const { mean, deviation, count } = moments;
      if (deviation === 0) {
        fail({
          expected: `labels of task "${name}" that differ from each other in the training rows`,
          received: `${log ? 'one value' : String(mean)} in all ${count} of them`,
          fix: 'There is nothing to learn: leave the task out, or look at its column and at the split.',
        });
      }
      return { ...task, fitted: { mean, deviation, ...(minimum !== undefined && { rate: above / total }) } };
    },
  };
}

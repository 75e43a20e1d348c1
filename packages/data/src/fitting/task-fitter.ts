import { type BinaryTask, fail, type MulticlassTask, parseNumber, signedLog, suggestion } from '@polytask/core';
import type { RegressionTask, Task } from '@polytask/core';
import { columnIn, type Table } from '../table/table.ts';
import { labelReader, matches, weightReader } from './labels.ts';
import { checkSize, Moments, type Fitter } from './statistics.ts';

/**
 * Fits a task to the labels of the training rows: the share of yes, the classes and their shares, or mean and deviation. Rows
 * count by their sample weight.
 *
 * @throws PolytaskError when no row has a label, a positive value doesn't occur, or all labels of a regression are equal
 */
export function taskFitter(name: string, task: Task): Fitter<Task> {
  switch (task.kind) {
    case 'binary':
      return binaryFitter(name, task);
    case 'multiclass':
      return multiclassFitter(name, task);
    case 'regression':
      return regressionFitter(name, task);
  }
}

/** The number of a column's values among which an error message looks for the nearest. */
const COMPARED = 20;

/** Finds the share of yes. One positive value of a list has to occur: other files may spell the task's label otherwise. */
function binaryFitter(name: string, task: BinaryTask): Fitter<BinaryTask> {
  const { from: column = name, positive } = task;
  const labels = labeledRows(name, task);
  const values = positive === undefined ? [] : typeof positive === 'object' ? positive : [positive];
  let positiveMissing = values.length > 0;
  const texts = new Set<string>();
  let [yes, total] = [0, 0];
  return {
    add(table, rows) {
      labels.visit(table, rows, labelReader(table, name, task), (label, weight) => {
        yes += weight * label;
        total += weight;
      });
      if (task.above !== undefined) return;
      const { dictionary } = columnIn(table, 'texts', column);
      positiveMissing &&= !dictionary.some((text) => values.some((value) => matches(text, value)));
      for (let i = 0; i < dictionary.length && texts.size < COMPARED; i++) texts.add(dictionary[i]!);
    },
    finish() {
      labels.check();
      if (positiveMissing) {
        const what = values.length === 1 ? 'the positive value' : 'one of the positive values';
        const list = values.map((value) => JSON.stringify(value)).join(', ');
        fail({
          expected: `${what} ${list} of task "${name}" somewhere in column "${column}"`,
          received: `a column without it`,
          mend: suggestion(values[0], texts),
        });
      }
      return { ...task, fitted: { rate: yes / total } };
    },
  };
}

/** Finds the share of each class, and the classes: in numeric order if all are numbers, else in the order of their texts. */
function multiclassFitter(name: string, task: MulticlassTask): Fitter<MulticlassTask> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const weights = new Map<string, number>();
  return {
    add(table, rows) {
      const { codes, dictionary } = columnIn(table, 'texts', column);
      const textOf = (row: number) => dictionary[codes[row]!];
      labels.visit(table, rows, textOf, (text, weight) => weights.set(text, (weights.get(text) ?? 0) + weight));
    },
    finish() {
      labels.check();
      const classes = task.classes ?? sorted([...weights.keys()]);
      const total = classes.reduce((sum, text) => sum + (weights.get(text) ?? 0), 0);
      const shares = classes.map((text) => (total > 0 ? (weights.get(text) ?? 0) / total : 1 / classes.length));
      return { ...task, classes, fitted: { shares } };
    },
  };
}

function sorted(classes: readonly string[]): string[] {
  const numbers = classes.every((text) => !Number.isNaN(parseNumber(text)));
  return [...classes].sort((a, b) => (numbers ? parseNumber(a) - parseNumber(b) : 0) || (a < b ? -1 : 1));
}

/** Finds the mean and the standard deviation of the labels, after the logarithm where the task has one. */
function regressionFitter(name: string, task: RegressionTask): Fitter<RegressionTask> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const moments = new Moments();
  return {
    add(table, rows) {
      labels.visit(table, rows, labelReader(table, name, task), (label, weight, row) => {
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

/** Visits the rows that have a label. */
interface LabeledRows {
  /**
   * @param labelOf the label of a row; undefined or NaN for a missing one
   * @param take receives each label, its sample weight (above 0), and its row
   */
  visit<L>(
    table: Table,
    rows: ArrayLike<number>,
    labelOf: (row: number) => L | undefined,
    take: (label: L, weight: number, row: number) => void,
  ): void;
  /** @throws PolytaskError when no row had a label */
  check(): void;
}

function labeledRows(name: string, task: Task): LabeledRows {
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

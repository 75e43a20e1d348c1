import {
  fail,
  suggestion,
  signedLog,
  type Task,
  type BinaryTask,
  type MulticlassTask,
  type RegressionTask,
} from '@polytask/core';
import { parseNumber, wrongValue } from '../columns/values.ts';
import { columnIn, type Table } from '../table/table.ts';
import { checkSize, Moments, type Fitter } from './statistics.ts';
import { aboveLabel, binaryLabel, matches, wrongLabel } from './labels.ts';

/**
 * The task as a model needs it, with what its labels in the training rows say: the share of yes, the classes and their
 * shares, or mean and deviation. Rows count by their sample weight.
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

/** Values of a label's column that an error shows. */
const SHOWN = 20;

/**
 * Finds the share of yes. Throws where no value that means yes stands in the tables: it is misspelled. Of a list one is
 * enough, as other files may spell it otherwise.
 */
function binaryFitter(name: string, task: BinaryTask): Fitter<BinaryTask> {
  const column = task.from ?? name;
  const { positive } = task;
  const labels = labeledRows(name, task);
  const values = positive === undefined ? [] : typeof positive === 'object' ? positive : [positive];
  let unseen = values.length > 0;
  const texts = new Set<string>();
  let [yes, all] = [0, 0];
  return {
    add(table, rows) {
      labels.visit(table, rows, labelReader(table, name, task), (label, weight) => {
        yes += weight * label;
        all += weight;
      });
      if (task.above !== undefined) return;
      const { dictionary } = columnIn(table, 'texts', column);
      unseen &&= !dictionary.some((text) => values.some((value) => matches(text, value)));
      for (let i = 0; i < dictionary.length && texts.size < SHOWN; i++) texts.add(dictionary[i]!);
    },
    finish() {
      labels.check();
      if (unseen) {
        const shown = values.map((value) => JSON.stringify(value)).join(', ');
        fail({
          expected: `${values.length === 1 ? 'the positive value' : 'one of the positive values'} ${shown} of task "${name}" somewhere in column "${column}"`,
          received: `a column without it`,
          mend: suggestion(String(values[0]), texts),
        });
      }
      return { ...task, fitted: { rate: yes / all } };
    },
  };
}

/** The label of a row; undefined where it is missing. */
function labelReader(table: Table, name: string, task: BinaryTask): (row: number) => number | undefined {
  const column = task.from ?? name;
  const { above } = task;
  if (above !== undefined) {
    const values = columnIn(table, 'numbers', column);
    return (row) => (Number.isNaN(values[row]!) ? undefined : aboveLabel(values[row]!, above));
  }
  const { codes, dictionary } = columnIn(table, 'texts', column);
  const labelOf = dictionary.map(binaryLabel(task));
  return (row) => {
    const code = codes[row]!;
    return code < 0 ? undefined : (labelOf[code] ?? wrongLabel(table, name, task, dictionary[code]!, row));
  };
}

/** Finds the classes, in numeric order where all are numbers, else by their text; and the share of each. */
function multiclassFitter(name: string, task: MulticlassTask): Fitter<MulticlassTask> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const weights = new Map<string, number>();
  return {
    add(table, rows) {
      const { codes, dictionary } = columnIn(table, 'texts', column);
      labels.visit(
        table,
        rows,
        (row) => dictionary[codes[row]!],
        (text, weight) => weights.set(text, (weights.get(text) ?? 0) + weight),
      );
    },
    finish() {
      labels.check();
      const classes = task.classes ?? sorted([...weights.keys()]);
      const total = classes.reduce((sum, each) => sum + (weights.get(each) ?? 0), 0);
      const shares = classes.map((each) => (total > 0 ? (weights.get(each) ?? 0) / total : 1 / classes.length));
      return { ...task, classes, fitted: { shares } };
    },
  };
}

function sorted(classes: readonly string[]): string[] {
  const numbers = classes.every((text) => !Number.isNaN(parseNumber(text)));
  return [...classes].sort((a, b) => (numbers ? parseNumber(a) - parseNumber(b) : 0) || (a < b ? -1 : 1));
}

/** Finds mean and deviation of the labels, after the logarithm where the task has one. */
function regressionFitter(name: string, task: RegressionTask): Fitter<RegressionTask> {
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
interface LabeledRows {
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

function labeledRows(name: string, task: Task): LabeledRows {
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

import { fail, fittedLoss, labelOf, signedLog, suggestion, type Label, type Task } from '@polytask/core';
import { columnIn } from '../columns/columns.ts';
import { labeledRows } from './labeled-rows.ts';
import { labelsFitter } from './labels-fitter.ts';
import { isNumber, matches, sorted, type YesNo } from './label-texts.ts';
import { labelReader } from './labels.ts';
import { checkSize, Moments, type Fitter } from '../statistics/statistics.ts';
import { timesFitter } from './times-fitter.ts';

/**
 * Fits a task to the labels of the training rows: the share of yes, the classes and their shares, or mean and deviation. Rows
 * count by their sample weight.
 *
 * @throws PolytaskError when no row has a label, a positive value doesn't occur, or all labels of a regression are equal
 */
export function taskFitter(name: string, task: Task): Fitter<Task> {
  const label = labelOf(task);
  switch (label.type) {
    case 'yes-no':
      return yesNoFitter(name, task, label);
    case 'class':
      return classFitter(name, task, label);
    case 'labels':
      return labelsFitter(name, task, label);
    case 'time':
      return timesFitter(name, task, label);
    case 'number':
      return numberFitter(name, task, label);
  }
}

type LabelOfType<T extends Label['type']> = Extract<Label, { readonly type: T }>;

/** The number of a column's values among which an error message looks for the nearest. */
const COMPARED = 20;

/** Finds the share of yes. One positive value of a list has to occur: other files may spell the task's label otherwise. */
function yesNoFitter(name: string, task: Task, { positive, above }: YesNo): Fitter<Task> {
  const column = task.from ?? name;
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
      if (above !== undefined) return;
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
      return fittedLoss({ ...task, fitted: { rate: yes / total } }, [total - yes, yes]);
    },
  };
}

/** Finds the share of each class, and the classes: in numeric order if all are numbers, else in the order of their texts. */
function classFitter(name: string, task: Task, label: LabelOfType<'class'>): Fitter<Task> {
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
      if (label.ordered && !label.classes && ![...weights.keys()].every(isNumber)) {
        const found = [...weights.keys()].slice(0, COMPARED).map((text) => JSON.stringify(text));
        fail({
          expected: `the classes of task "${name}" in their order`,
          received: `none, and the texts ${found.join(', ')} in column "${column}"`,
          mend: `Declare them, the least one first: ${task.kind}({ classes: […] }).`,
        });
      }
      const classes = label.classes ?? sorted([...weights.keys()]);
      const total = classes.reduce((sum, text) => sum + (weights.get(text) ?? 0), 0);
      const counts = classes.map((text) => weights.get(text) ?? 0);
      const shares = counts.map((count) => (total > 0 ? count / total : 1 / classes.length));
      return fittedLoss<Task & { readonly classes: readonly string[] }>(
        { ...task, classes, fitted: { shares } },
        counts,
      );
    },
  };
}

/** Finds the mean and the standard deviation of the labels, after the logarithm where the task has one. */
function numberFitter(name: string, task: Task, { log, minimum }: LabelOfType<'number'>): Fitter<Task> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const moments = new Moments();
  let [above, total] = [0, 0];
  return {
    add(table, rows) {
      labels.visit(table, rows, labelReader(table, name, task), (label, weight, row) => {
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
          mend: 'There is nothing to learn: leave the task out, or look at its column and at the split.',
        });
      }
      const rate = minimum === undefined ? undefined : above / total;
      return { ...task, fitted: { mean, deviation, ...(rate !== undefined && { rate }) } };
    },
  };
}

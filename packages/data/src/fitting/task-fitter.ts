import { fail, suggestion, type BinaryTask, type MulticlassTask, type Task } from '@polytask/core';
import { readsNumbers } from '../declarations/needs.ts';
import { columnIn } from '../table/table.ts';
import { matches } from './binary-label.ts';
import { countCodes } from './counts.ts';
import type { Fitter } from './fitter.ts';

/** Values of a label's column that an error shows. */
const SHOWN = 20;

/** The task as a model needs it: a multiclass task gets the classes of the training rows where it has none. */
export function taskFitter(name: string, task: Task): Fitter<Task> {
  const column = task.from ?? name;
  if (readsNumbers(task)) return numbersFitter(name, task, column);
  return task.kind === 'binary'
    ? binaryFitter(name, task, column)
    : multiclassFitter(name, task as MulticlassTask, column);
}

/** Counts rows until one has a label. */
function presence(
  name: string,
  column: string,
): { add(rows: ArrayLike<number>, has: (row: number) => boolean): void; check(): void } {
  let [rowCount, found] = [0, false];
  return {
    add(rows, has) {
      rowCount += rows.length;
      for (let i = 0; i < rows.length && !found; i++) found = has(rows[i]!);
    },
    check() {
      if (found) return;
      fail({
        expected: `a label for task "${name}" in at least one training row`,
        received: `${rowCount} rows where column "${column}" is missing`,
        mend: 'Look at the column and at the markers for missing values, or leave the task out.',
      });
    },
  };
}

function numbersFitter(name: string, task: Task, column: string): Fitter<Task> {
  const labels = presence(name, column);
  return {
    add(table, rows) {
      const values = columnIn(table, 'numbers', column);
      labels.add(rows, (row) => !Number.isNaN(values[row]));
    },
    finish() {
      labels.check();
      return task;
    },
  };
}

/** Throws where a value that means yes stands nowhere in the tables: it is misspelt more often than rare. */
function binaryFitter(name: string, task: BinaryTask, column: string): Fitter<BinaryTask> {
  const { positive } = task;
  const labels = presence(name, column);
  const unseen = new Set(positive === undefined ? [] : typeof positive === 'object' ? positive : [positive]);
  const texts = new Set<string>();
  return {
    add(table, rows) {
      const { codes, dictionary } = columnIn(table, 'texts', column);
      labels.add(rows, (row) => codes[row]! >= 0);
      for (const value of unseen) if (dictionary.some((text) => matches(text, value))) unseen.delete(value);
      for (let i = 0; i < dictionary.length && texts.size < SHOWN; i++) texts.add(dictionary[i]!);
    },
    finish() {
      labels.check();
      const [value] = unseen;
      if (value !== undefined) {
        fail({
          expected: `the positive value ${JSON.stringify(value)} of task "${name}" somewhere in column "${column}"`,
          received: `a column without it`,
          mend: suggestion(String(value), texts),
        });
      }
      return task;
    },
  };
}

/** Finds the classes: in numeric order where all are numbers, else by their text. */
function multiclassFitter(name: string, task: MulticlassTask, column: string): Fitter<MulticlassTask> {
  const labels = presence(name, column);
  const found = new Set<string>();
  return {
    add(table, rows) {
      const texts = columnIn(table, 'texts', column);
      labels.add(rows, (row) => texts.codes[row]! >= 0);
      if (task.classes) return;
      const counts = countCodes(texts, rows);
      texts.dictionary.forEach((text, code) => counts[code]! > 0 && found.add(text));
    },
    finish() {
      labels.check();
      if (task.classes) return task;
      const numbers = [...found].every((text) => Number.isFinite(Number(text)));
      const classes = [...found].sort((a, b) => (numbers ? Number(a) - Number(b) : 0) || (a < b ? -1 : 1));
      return { ...task, classes };
    },
  };
}

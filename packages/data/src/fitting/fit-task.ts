import { fail, suggestion, type BinaryTask, type MulticlassTask, type Task } from '@polytask/core';
import type { Texts } from '../columns/columns.ts';
import { columnIn, type Table } from '../table/table.ts';
import { matches } from './binary-label.ts';
import { countCodes } from './counts.ts';

/** The task as a model needs it: a multiclass task gets the classes of the training rows where it has none. */
export function fitTask(table: Table, name: string, task: Task, rows: ArrayLike<number>): Task {
  const column = task.from ?? name;
  if (task.kind === 'regression') {
    const labels = columnIn(table, 'numbers', column);
    if (!someRow(rows, (row) => !Number.isNaN(labels[row]))) noLabel(name, column, rows.length);
    return task;
  }
  const texts = columnIn(table, 'texts', column);
  if (!someRow(rows, (row) => texts.codes[row]! >= 0)) noLabel(name, column, rows.length);
  if (task.kind === 'binary') {
    checkPositive(name, task, column, texts);
    return task;
  }
  return task.classes ? task : { ...task, classes: classesOf(texts, rows) };
}

/** Throws where a value that means yes stands nowhere in the table: it is misspelt more often than rare. */
function checkPositive(name: string, { positive }: BinaryTask, column: string, { dictionary }: Texts): void {
  if (positive === undefined) return;
  const unseen = (typeof positive === 'object' ? positive : [positive]).find(
    (value) => !dictionary.some((text) => matches(text, value)),
  );
  if (unseen === undefined) return;
  fail({
    expected: `the positive value ${JSON.stringify(unseen)} of task "${name}" somewhere in column "${column}"`,
    received: `a column without it`,
    mend: suggestion(String(unseen), dictionary.slice(0, 20)),
  });
}

/** The classes of these rows: in numeric order where all are numbers, else by their text. */
function classesOf(texts: Texts, rows: ArrayLike<number>): MulticlassTask['classes'] & object {
  const counts = countCodes(texts, rows);
  const classes = texts.dictionary.filter((_, code) => counts[code]! > 0);
  const numbers = classes.every((text) => Number.isFinite(Number(text)));
  return classes.sort((a, b) => (numbers ? Number(a) - Number(b) : 0) || (a < b ? -1 : 1));
}

function someRow(rows: ArrayLike<number>, test: (row: number) => boolean): boolean {
  for (let i = 0; i < rows.length; i++) if (test(rows[i]!)) return true;
  return false;
}

function noLabel(name: string, column: string, rows: number): never {
  return fail({
    expected: `a label for task "${name}" in at least one training row`,
    received: `${rows} rows where column "${column}" is missing`,
    mend: 'Look at the column and at the markers for missing values, or leave the task out.',
  });
}

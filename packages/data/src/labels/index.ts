import { builderNamed, fail } from '@polytask/components';
import { type Label, labelOf, type Task } from '@polytask/core';
import type { ColumnRows } from '../columns/columns.ts';
import type { Fitter } from '../statistics/statistics.ts';
import type { LabelPart } from '../statistics/label-values.ts';
import { classes } from './classes.ts';
import { labeled, type LabelReading, weightReader } from './label-reading.ts';
import { number } from './number.ts';
import { several } from './several.ts';
import { time } from './time.ts';
import { yesNo } from './yes-no.ts';

export { defineLabel, type DefinedLabel, type LabelDefinition } from './define-label.ts';
export { labeled, weightReader, binaryLabel, matches, sorted, type MissingClasses } from './label-reading.ts';

const READINGS: Readonly<Record<string, unknown>> = { 'yes-no': yesNo, class: classes, labels: several, time, number };

/** How a label's type is read: those of other packages are among their definitions. */
export const readingOf = ({ type }: Label): LabelReading =>
  Object.hasOwn(READINGS, type)
    ? (READINGS[type] as LabelReading)
    : builderNamed<{ readonly reading: LabelReading }>('label', type).reading;

/** What cells are labels of a task, in words; undefined for the types that core has. */
export const labelWords = (task: Task): string | undefined => readingOf(labelOf(task)).words;

/** Cells of made-up rows for the columns of a task's label; see `LabelReading.cells`. */
export function labelCells(name: string, task: Task): Readonly<Record<string, readonly unknown[]>> {
  const of = labeled(name, task);
  return readingOf(of.label).cells(of);
}

export function labelReader(table: ColumnRows, name: string, task: Task): (row: number) => number {
  const of = labeled(name, task);
  return readingOf(of.label).reader(table, of);
}

/** Fits a task to the labels of the training rows, by sample weight. @throws PolytaskError, at the end, without any label */
export function taskFitter(name: string, task: Task): Fitter<Task> {
  const of = labeled(name, task);
  const reading = readingOf(of.label);
  const fit = reading.fit(of);
  let [size, count] = [0, 0];
  return {
    add(table, rows) {
      const read = fit.read?.(table) ?? reading.reader(table, of);
      const weightOf = weightReader(table, task);
      size += rows.length;
      for (let i = 0; i < rows.length; i++) {
        const own = read(rows[i]!);
        if (own === undefined || Number.isNaN(own)) continue;
        const weight = weightOf(rows[i]!);
        if (weight === 0) continue;
        count++;
        fit.take(own, weight, table, rows[i]!);
      }
    },
    finish() {
      if (count > 0) return fit.finish();
      const weighted = task.weightFrom === undefined ? '' : `, or its weight in column "${task.weightFrom}" is 0`;
      return fail({
        expected: `a label for task "${name}" in at least one training row`,
        received: `${size} rows where column "${of.column}" is missing${weighted}`,
        fix: 'Look at the column and at the markers for missing values, or leave the task out.',
      });
    },
  };
}

export const labelParts = (label: Label): readonly LabelPart[] => readingOf(label).parts(label);

/** A task with the columns, the weight and the loss of another declaration, such as that of the rows that are read. */
export function trainedAs(task: Task, { from, weightFrom, weight, loss }: Task): Task {
  const { from: _, weightFrom: __, weight: ___, loss: ____, ...meaning } = task;
  const given = Object.entries({ from, weightFrom, weight, loss }).filter(([, value]) => value !== undefined);
  return { ...meaning, ...Object.fromEntries(given) };
}

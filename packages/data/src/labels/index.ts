import { type Label, labelOf, type Task } from '@polytask/core';
import type { ColumnRows } from '../columns/columns.ts';
import type { Fitter } from '../statistics/statistics.ts';
import type { LabelPart } from '../statistics/label-values.ts';
import { classes } from './classes.ts';
import type { LabelType } from './label-type.ts';
import { number } from './number.ts';
import { several } from './several.ts';
import { time } from './time.ts';
import { yesNo } from './yes-no.ts';

export { weightReader, binaryLabel, matches, sorted } from './label-type.ts';

/** Each type of label. A new one is a file here, and a line. */
const LABEL_TYPES = { 'yes-no': yesNo, class: classes, labels: several, time, number };

/** The definition of a label's type. */
export const labelTypeOf = ({ type }: Label): LabelType => LABEL_TYPES[type] as LabelType;

/** Reads the labels of a task: see `LabelType.reader`. */
export function labelReader(table: ColumnRows, name: string, task: Task): (row: number) => number {
  const label = labelOf(task);
  return labelTypeOf(label).reader(table, name, task, label);
}

/**
 * Fits a task to the labels of the training rows: the share of yes, the classes and their shares, or mean and standard deviation. Rows
 * count by their sample weight.
 *
 * @throws PolytaskError when no row has a label, a positive value doesn't occur, or all labels of a regression are equal
 */
export function taskFitter(name: string, task: Task): Fitter<Task> {
  const label = labelOf(task);
  return labelTypeOf(label).fitter(name, task, label);
}

/** What a label says about its rows. */
export const labelParts = (label: Label): readonly LabelPart[] => labelTypeOf(label).parts(label);

/** A task with the columns, the weight and the loss of another declaration, such as that of the rows that are read. */
export function trainedAs(task: Task, { from, weightFrom, weight, loss }: Task): Task {
  const { from: _, weightFrom: __, weight: ___, loss: ____, ...meaning } = task;
  const given = Object.entries({ from, weightFrom, weight, loss }).filter(([, value]) => value !== undefined);
  return { ...meaning, ...Object.fromEntries(given) };
}

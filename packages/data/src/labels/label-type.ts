import type { Label, Task } from '@polytask/core';
import type { ColumnRows, Need } from '../columns/columns.ts';
import type { Fitter } from '../statistics/statistics.ts';
import type { LabelPart } from '../statistics/label-values.ts';

/** The label of a task of one type. */
export type LabelOfType<T extends Label['type']> = Extract<Label, { readonly type: T }>;

/** A class, a label or an event that no row of a part has. */
export interface MissingClass {
  readonly name: string;
  /** In a sentence: `row of class "yes"`. */
  readonly what: string;
  /** The end of the sentence. */
  readonly more?: string;
}

/**
 * The definition of a type of label: its columns, its reading and its fit. All other code asks it, and never for the type. Core has the
 * label's encoding.
 */
export interface LabelType<L extends Label = Label> {
  /** The columns that it reads. @param column that of the task */
  needs(name: string, column: string, label: L): Need[];
  /**
   * Reads the label of a row as a number: 0 or 1, the index of a class, a bit mask of labels, a time that is negative without the event, or a
   * number. NaN for a missing label.
   *
   * @throws PolytaskError, when a row is read, for a value that is no label of the task
   */
  reader(table: ColumnRows, name: string, task: Task, label: L): (row: number) => number;
  /**
   * Fits the task to the labels of the training rows, by their sample weight.
   *
   * @throws PolytaskError, at the end, when nothing can be learned from them
   */
  fitter(name: string, task: Task, label: L): Fitter<Task>;
  /** What it says about its rows: each of several labels, and the event and the time of a survival, is something by itself. */
  parts(label: L): readonly LabelPart[];
  /** What no row of a part has. @param labels those of its rows, each once */
  missing(label: L, labels: readonly number[]): MissingClass[];
  /** Reads the strata of a row that a split keeps in proportion; undefined for numbers, which are binned. */
  strata?(table: ColumnRows, name: string, task: Task, label: L): (row: number) => Iterable<number>;
  /** The column that says yes or no, and its values for yes. Undefined where no values are declared. */
  yes?(
    column: string,
    label: L,
  ): { readonly column: string; readonly positive: string | number | readonly (string | number)[] } | undefined;
  /** How its texts are read as a feature, to find labels that a sample lacks: one text, or several with this between them. */
  texts?(label: L): { readonly separator?: string };
}

import { type Label, type LabelOfType, type Task, fail, parseNumber } from '@polytask/core';
import { type ColumnRows, type Need, columnIn, wrongValue, isNumber } from '../columns/columns.ts';
import type { Fitter } from '../statistics/statistics.ts';
import type { LabelPart } from '../statistics/label-values.ts';

/** A class, a label or an event that no row of a part has. */
export interface MissingClass {
  readonly name: string;
  /** In a sentence: `row of class "yes"`. */
  readonly what: string;
  /** The end of the sentence. */
  readonly more?: string;
}

/**
 * How a type of label is read and fitted. All other code asks it, and never for the type. Core has the label's encoding, and `defineLabel` both
 * for another package.
 */
export interface LabelReading<L extends Label = Label> {
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
  /** Cells of made-up rows that can be fitted: all columns have as many. Each class occurs, and times in each interval. */
  cells(column: string, label: L): Readonly<Record<string, readonly unknown[]>>;
  /** What a cell may be, for the documentation of a service. */
  readonly words?: string;
  /** How its texts are read as a feature, to find labels that a sample lacks: one text, or several with this between them. */
  texts?(label: L): { readonly separator?: string };
}

/** The label of a task that is answered with yes or no. */
export type YesNo = LabelOfType<'yes-no'>;

/** Cells that mean yes and no. */
export function yesAndNo({ positive }: Pick<YesNo, 'positive'>): readonly [yes: unknown, no: unknown] {
  if (positive === undefined) return [1, 0];
  const yes = typeof positive === 'object' ? positive[0] : positive;
  return [yes, `not ${yes}`];
}

/** Reads a text as 1 (yes) or 0 (no); undefined for a text that is no label of this task. */
export function binaryLabel({ positive }: Pick<YesNo, 'positive'>): (text: string) => 0 | 1 | undefined {
  if (positive === undefined) {
    return (text) => {
      const word = text.toLowerCase();
      const number = parseNumber(text);
      if (word === 'true' || number === 1) return 1;
      return word === 'false' || number === 0 ? 0 : undefined;
    };
  }
  const values = typeof positive === 'object' ? positive : [positive];
  return (text) => (values.some((value) => matches(text, value)) ? 1 : 0);
}

/** Whether a text is a positive value. Numbers are compared as numbers: 1 and "1" match "1", "1.0" and "01". */
export const matches = (text: string, value: string | number): boolean =>
  text === String(value) || parseNumber(text) === parseNumber(String(value));

/** In numeric order if all are numbers, else in the order of their texts. */
export function sorted(classes: readonly string[]): string[] {
  const numbers = classes.every(isNumber);
  return [...classes].sort((a, b) => (numbers ? parseNumber(a) - parseNumber(b) : 0) || (a < b ? -1 : 1));
}

/**
 * Reads labels of a column of texts. NaN for an empty cell.
 *
 * @param labelOf the label of a text; undefined for one that is no label of the task
 * @param wrong throws for such a text
 */
export function textReader(
  table: ColumnRows,
  column: string,
  labelOf: (text: string) => number | undefined,
  wrong: (text: string, row: number) => never,
): (row: number) => number {
  const { codes, dictionary } = columnIn(table, 'texts', column);
  const labels = Float64Array.from(dictionary, (text) => labelOf(text) ?? Infinity); // Infinity: no label of this task
  return (row) => {
    const code = codes[row]!;
    const found = code < 0 ? NaN : labels[code]!;
    return found === Infinity ? wrong(dictionary[code]!, row) : found;
  };
}

/** Reads the sample weight of a row, 1 without a column of weights. @throws PolytaskError for one that is missing, negative or not held by 32 bits */
export function weightReader(table: ColumnRows, { weightFrom }: Task): (row: number) => number {
  if (weightFrom === undefined) return () => 1;
  const values = columnIn(table, 'numbers', weightFrom);
  return (row) => {
    const weight = values[row]!;
    const rounded = Math.fround(weight); // as batches hold it
    if (weight === 0 || (rounded > 0 && rounded < Infinity)) return weight;
    return wrongValue(
      Number.isNaN(weight) ? null : weight,
      weight > 0 ? 'a sample weight of 0, or from 1e-45 to 3.4e38, as 32 bits hold,' : 'a sample weight of 0 or more',
      weightFrom,
      table.where(row),
      'Correct it, or divide all weights by their mean; a row of weight 0 is left out.',
    );
  };
}

/**
 * Fits a task to the rows that have a label (undefined or NaN where it is missing) and a sample weight above 0.
 *
 * @param readerOf creates a reader of a table's labels
 * @param take counts a label
 * @param finish returns the fitted task
 * @throws PolytaskError, at the end, when no row had a label
 */
export function labelFitter<L>(
  name: string,
  task: Task,
  readerOf: (table: ColumnRows) => (row: number) => L | undefined,
  take: (label: L, weight: number, table: ColumnRows, row: number) => void,
  finish: () => Task,
): Fitter<Task> {
  let [size, labeled] = [0, 0];
  return {
    add(table, rows) {
      const [labelOf, weightOf] = [readerOf(table), weightReader(table, task)];
      size += rows.length;
      for (let i = 0; i < rows.length; i++) {
        const label = labelOf(rows[i]!);
        if (label === undefined || Number.isNaN(label)) continue;
        const weight = weightOf(rows[i]!);
        if (weight === 0) continue;
        labeled++;
        take(label, weight, table, rows[i]!);
      }
    },
    finish() {
      if (labeled > 0) return finish();
      const weighted = task.weightFrom === undefined ? '' : `, or its weight in column "${task.weightFrom}" is 0`;
      return fail({
        expected: `a label for task "${name}" in at least one training row`,
        received: `${size} rows where column "${task.from ?? name}" is missing${weighted}`,
        fix: 'Look at the column and at the markers for missing values, or leave the task out.',
      });
    },
  };
}

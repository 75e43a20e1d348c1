import { type Label, labelOf, type LabelOfType, type Task, parseNumber } from '@polytask/core';
import { type ColumnRows, type Need, columnIn, wrongValue, isNumber } from '../columns/columns.ts';
import type { LabelPart } from '../statistics/label-values.ts';

/** A task by its name, with its label and the column that the label is read from. */
export interface LabeledTask<L extends Label = Label> {
  readonly name: string;
  readonly column: string;
  readonly task: Task;
  readonly label: L;
}

export const labeled = (name: string, task: Task): LabeledTask => ({
  ...{ name, task },
  ...{ column: task.from ?? name, label: labelOf(task) },
});

/** What is fitted to the rows that have a label, by their sample weight above 0. */
export interface LabelFit<V = unknown> {
  /** Reads the labels to fit, undefined or NaN where missing. Default: the reader's numbers. */
  read?(table: ColumnRows): (row: number) => V | undefined;
  take(label: V, weight: number, table: ColumnRows, row: number): void;
  /** The fitted task. Throws if nothing can be learned from the labels. */
  finish(): Task;
}

/** The classes that no row of a part has. */
export interface MissingClasses {
  readonly classes: readonly string[];
  /** What the rows lack, in the words of the label: `row of class "yes"`. */
  readonly what: string;
  /** The end of the sentence. */
  readonly more?: string;
}

/** How a type of label is read and fitted. All other code asks it, never for the type. Core has the label's encoding. */
export interface LabelReading<L extends Label = Label> {
  needs(of: LabeledTask<L>): Need[];
  /** The label of a row: 0 or 1, a class's index, a bit mask, a time (negative without the event) or a number; NaN if missing. Throws for others. */
  reader(table: ColumnRows, of: LabeledTask<L>): (row: number) => number;
  /** Fits the task to the labels of the training rows. */
  fit(of: LabeledTask<L>): LabelFit;
  /** What it says about its rows: each of several labels, and the event and the time of a survival, is something by itself. */
  parts(label: L): readonly LabelPart[];
  /** Missing for labels that can't lack a class. @param labels those of the rows of a part, each once */
  missing?(label: L, labels: readonly number[]): MissingClasses;
  /** Reads the strata of a row that a split keeps in proportion; undefined for numbers, which are binned. */
  strata?(table: ColumnRows, of: LabeledTask<L>): (row: number) => Iterable<number>;
  /** The column that says yes or no, and its declared values for yes. */
  yes?(of: LabeledTask<L>): { readonly column: string } & Pick<YesNo, 'positive'>;
  /** Cells of made-up rows that can be fitted: all columns have as many. Each class occurs, and times in each interval. */
  cells(of: LabeledTask<L>): Readonly<Record<string, readonly unknown[]>>;
  /** What a cell may be, for the documentation of a service. */
  readonly words?: string;
}

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

/** Reads labels of a column of texts: NaN for an empty cell. `wrong` throws for a text without a label. */
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

/** Reads the sample weight of a row, 1 without a column of weights. */
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

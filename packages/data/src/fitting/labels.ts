import { fail, type Label, labelOf, suggestion, type Task } from '@polytask/core';
import { type ColumnRows, columnIn } from '../columns/columns.ts';
import { parseNumber } from '@polytask/core/internal';
import { isNumber, wrongValue } from '../columns/values.ts';
import { labelsKey, readsNumbers } from '../declarations/needs.ts';

/** The label of a task, by its type. */
export type LabelOf<T extends Label['type']> = Extract<Label, { readonly type: T }>;

/**
 * Reads the label of a row as a number: 0 or 1, the index of a class, a bit mask of labels, a time, or a regression's number. NaN for a
 * missing label.
 *
 * @throws PolytaskError, when a row is read, for a text that is no label of the task
 */
export function labelReader(table: ColumnRows, name: string, task: Task): (row: number) => number {
  const column = task.from ?? name;
  const label = labelOf(task);
  if (label.type === 'time') return timeReader(table, name, task, label);
  if (readsNumbers(label)) {
    const values = columnIn(table, 'numbers', column);
    const above = label.type === 'yes-no' ? label.above : undefined;
    if (above !== undefined) return (row) => (Number.isNaN(values[row]!) ? NaN : Number(values[row]! > above));
    const { minimum = -Infinity, maximum = Infinity } = label as LabelOf<'number'>;
    return (row) => {
      const value = values[row]!;
      if (!(value < minimum || value > maximum)) return value;
      const range = maximum === Infinity ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
      const fix = 'Correct the cell, leave it empty, or declare another kind of task.';
      return wrongValue(value, `a number ${range} as the label of task "${name}"`, column, table.where(row), fix);
    };
  }
  if (label.type === 'labels') return maskReader(table, name, task, label);
  const { codes, dictionary } = columnIn(table, 'texts', column);
  const read = label.type === 'class' ? classIndex(label.classes) : binaryLabel(label as LabelOf<'yes-no'>);
  const labels = Float64Array.from(dictionary, (text) => read(text) ?? Infinity); // Infinity: no label of this task
  return (row) => {
    const code = codes[row]!;
    const found = code < 0 ? NaN : labels[code]!;
    return found === Infinity ? wrongLabel(table, name, task, dictionary[code]!, row) : found;
  };
}

/**
 * Reads the time of a row, as its negative if the event has not happened up to then. NaN where the time or the event is missing, and for a
 * row without the event at time 0, which says nothing.
 *
 * @throws PolytaskError, when a row is read, for a negative time, and for a text that doesn't say whether the event happened
 */
export function timeReader(
  table: ColumnRows,
  name: string,
  task: Task,
  label: LabelOf<'time'>,
): (row: number) => number {
  const column = task.from ?? name;
  const times = columnIn(table, 'numbers', column);
  const { codes, dictionary } = columnIn(table, 'texts', label.event);
  const events = dictionary.map(binaryLabel(label));
  return (row) => {
    const [time, code] = [times[row]!, codes[row]!];
    if (time < 0) {
      const fix = 'Correct the cell, or leave it empty: count times from the start of each row.';
      return wrongValue(time, `a time of 0 or more as the label of task "${name}"`, column, table.where(row), fix);
    }
    if (code < 0 || Number.isNaN(time)) return NaN;
    const happened = events[code] ?? wrongEvent(table, name, task, label, dictionary[code]!, row);
    if (happened) return time;
    return time === 0 ? NaN : -time;
  };
}

function wrongEvent(
  table: ColumnRows,
  name: string,
  task: Task,
  { event }: LabelOf<'time'>,
  text: string,
  row: number,
): never {
  return fail({
    expected: `0, 1, false, true or an empty cell for the event of task "${name}" in ${table.where(row)}, column "${event}"`,
    received: JSON.stringify(text),
    fix: `Say what means that it happened: ${task.kind}({ event: "${event}", positive: ${JSON.stringify(text)} }), for instance.`,
  });
}

/**
 * Reads the labels of a row as the sum of 2ⁱ over its labels i. NaN for a missing label, 0 for a row that has none.
 *
 * @throws PolytaskError, when a row is read, for a text that is no label of the task, unless other labels are left out
 */
export function maskReader(
  table: ColumnRows,
  name: string,
  task: Task,
  label: LabelOf<'labels'>,
): (row: number) => number {
  const { labels = [], others } = label;
  const listOf = labelLists(table, name);
  const { dictionary } = columnIn(table, 'lists', labelsKey(name));
  const index = new Map(labels.map((each, i) => [each, i]));
  const bits = Float64Array.from(dictionary, (text) => {
    const at = index.get(text);
    return at === undefined ? 0 : 2 ** at;
  });
  return (row) => {
    const codes = listOf(row);
    if (!codes) return NaN;
    let mask = 0;
    for (const code of codes) {
      if (bits[code] === 0 && others === 'refused')
        unknownLabel(dictionary[code]!, labels, name, task, table.where(row));
      mask |= bits[code]!; // a label that is there twice counts once
    }
    return mask;
  };
}

/** Reads the labels of a row as codes of the column's dictionary. Undefined for a missing label. */
export function labelLists(table: ColumnRows, name: string): (row: number) => Int32Array | undefined {
  const { codes, offsets } = columnIn(table, 'lists', labelsKey(name));
  return (row) => {
    const list = codes.subarray(offsets[row], offsets[row + 1]);
    return list.length === 1 && list[0]! < 0 ? undefined : list;
  };
}

function unknownLabel(text: string, labels: readonly string[], name: string, task: Task, where: string): never {
  const declare = `Declare it, or leave such labels out: ${task.kind}({ labels: […], others: 'left-out' }).`;
  return wrongValue(
    text,
    `a label of task "${name}"`,
    task.from ?? name,
    where,
    `${suggestion(text, labels)} ${declare}`,
  );
}

/** A task with the columns, the weight and the loss of another declaration, such as that of the rows that are read. */
export function trainedAs(task: Task, { from, weightFrom, weight, loss }: Task): Task {
  const { from: _, weightFrom: __, weight: ___, loss: ____, ...meaning } = task;
  return {
    ...meaning,
    ...(from !== undefined && { from }),
    ...(weightFrom !== undefined && { weightFrom }),
    ...(weight !== undefined && { weight }),
    ...(loss !== undefined && { loss }),
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

/** Reads a text as 1 (yes) or 0 (no); undefined for a text that is no label of this task. */
export function binaryLabel({ positive }: Pick<LabelOf<'yes-no'>, 'positive'>): (text: string) => 0 | 1 | undefined {
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

function classIndex(classes: readonly string[] = []): (text: string) => number | undefined {
  const index = new Map(classes.map((name, i) => [name, i]));
  return (text) => index.get(text);
}

/** The number of values that an error message lists. */
const SHOWN = 5;

function wrongLabel(table: ColumnRows, name: string, task: Task, text: string, row: number): never {
  const column = task.from ?? name;
  const where = table.where(row);
  const label = labelOf(task);
  if (label.type === 'class') {
    const declare = `A class that the training rows lack has to be declared: ${task.kind}({ classes: […] }).`;
    const fix = `${suggestion(text, label.classes ?? [])} ${declare}`;
    return wrongValue(text, `a class of task "${name}"`, column, where, fix);
  }
  const expected = `0, 1, false, true or an empty cell as the label of task "${name}"`;
  return wrongValue(text, expected, column, where, yesMend(text, columnIn(table, 'texts', column).dictionary));
}

/** Advice for a column with these values, of which `text` is neither yes nor no by default. */
function yesMend(text: string, values: readonly string[]): string {
  const labelOf = binaryLabel({});
  const isYesOrNo = YES.has(wordOf(text)) || NO.has(wordOf(text));
  if (!isYesOrNo && values.some((value) => labelOf(value) !== undefined)) {
    const missing = `missing: [${JSON.stringify(text)}]`;
    return `Correct the cell, or leave it empty where there is no label (in a CSV: ${missing}).`;
  }
  const yes = yesAmong(values);
  if (yes.length > 0) return `Say what means yes: ${positiveOption(yes)}.`;
  if (values.length <= 2) return `Say what means yes: ${values.map((value) => positiveOption([value])).join(' or ')}.`;
  const some = values.slice(0, SHOWN).map((value) => JSON.stringify(value));
  const list = `${some.join(', ')}${values.length > SHOWN ? ', …' : ''}`;
  return `Say which of ${list} mean yes: binary({ positive: […] }). To predict which one it is, declare multiclass().`;
}

function positiveOption(values: readonly string[]): string {
  const list = values.map((value) => JSON.stringify(value)).join(', ');
  return `binary({ positive: ${values.length === 1 ? list : `[${list}]`} })`;
}

/** Words for yes and no, in lower case. */
const YES = new Set(['yes', 'y', 'true', 't', '1', '1.0', 'on', 'positive', 'pos', '+']);
const NO = new Set(['no', 'n', 'false', 'f', '0', '0.0', 'off', 'negative', 'neg', '-']);

/** In lower case, without a full stop at the end. */
const wordOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/(?<=.)\.$/, '');

/**
 * The values of a column that mean yes: words for yes, or "more than" beside "less than". Empty for any other column.
 *
 * @example yesAmong(['<=50K', '>50K']) // ['>50K']
 */
export function yesAmong(texts: readonly string[]): string[] {
  const words = texts.filter((text) => YES.has(wordOf(text)));
  if (words.length > 0) return words;
  const [more, less] = ['>', '<'].map((sign) => texts.filter((text) => text.trimStart().startsWith(sign)));
  return more!.length > 0 && less!.length > 0 ? more! : [];
}

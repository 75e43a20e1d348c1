import { suggestion, type BinaryTask, type Task } from '@polytask/core';
import { parseNumber, wrongValue } from '../columns/values.ts';
import { columnIn, type Table } from '../table/table.ts';

/** 1, 0, or undefined for a text that is no label of this task. */
export function binaryLabel({ positive }: BinaryTask): (text: string) => 0 | 1 | undefined {
  if (positive === undefined) {
    return (text) => {
      const yes = text.toLowerCase();
      const number = parseNumber(text);
      if (yes === 'true' || number === 1) return 1;
      return yes === 'false' || number === 0 ? 0 : undefined;
    };
  }
  const values = typeof positive === 'object' ? positive : [positive];
  return (text) => (values.some((value) => matches(text, value)) ? 1 : 0);
}

/** A number is matched as a number, so that 1 is "1" and "1.0". */
export const matches = (text: string, value: string | number): boolean =>
  text === String(value) || (typeof value === 'number' && parseNumber(text) === value);

/** 1 for a number above the threshold, else 0; NaN where it is missing. */
export const aboveLabel = (value: number, above: number): number => (Number.isNaN(value) ? NaN : Number(value > above));

/** Values of a column that an error lists. */
const SHOWN = 5;

/** Throws for a text that is no label of its task, with its place and with what the column's values let guess. */
export function wrongLabel(table: Table, name: string, task: Task, text: string, row: number): never {
  const column = task.from ?? name;
  const where = table.where(row);
  if (task.kind === 'multiclass') {
    return wrongValue(
      text,
      `a class of task "${name}"`,
      column,
      where,
      `${suggestion(text, task.classes ?? [])} A class that the training rows lack has to be declared: multiclass({ classes: […] }).`,
    );
  }
  const { dictionary } = columnIn(table, 'texts', column);
  return wrongValue(
    text,
    `0, 1, false, true or an empty cell as the label of task "${name}"`,
    column,
    where,
    yesMend(text, dictionary),
  );
}

/** How to say what means yes in a column with these values, of which `text` is none that says it itself. */
function yesMend(text: string, values: readonly string[]): string {
  const labelOf = binaryLabel({ kind: 'binary' });
  if (!isYesOrNo(text) && values.some((value) => labelOf(value) !== undefined)) {
    return `Correct the cell, or leave it empty where there is no label (in a CSV: missing: [${JSON.stringify(text)}]).`;
  }
  const yes = yesAmong(values);
  if (yes.length > 0) return `Say what means yes: ${positive(yes)}.`;
  if (values.length <= 2) return `Say what means yes: ${values.map((value) => positive([value])).join(' or ')}.`;
  const some = values.slice(0, SHOWN).map((value) => JSON.stringify(value));
  const rest = values.length > SHOWN ? ', …' : '';
  return `Say which of ${some.join(', ')}${rest} mean yes: binary({ positive: […] }). To predict which one it is, declare multiclass().`;
}

const positive = (values: readonly string[]): string =>
  `binary({ positive: ${values.length === 1 ? JSON.stringify(values[0]) : `[${values.map((value) => JSON.stringify(value)).join(', ')}]`} })`;

/** Words for yes and no as files have them, in lower case. */
const YES = new Set(['yes', 'y', 'true', 't', '1', '1.0', 'on', 'positive', 'pos', '+']);
const NO = new Set(['no', 'n', 'false', 'f', '0', '0.0', 'off', 'negative', 'neg', '-']);

/** In lower case, without a full stop at the end. */
const wordOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/(?<=.)\.$/, '');

const isYesOrNo = (text: string): boolean => YES.has(wordOf(text)) || NO.has(wordOf(text));

/**
 * Those of a column's values that mean yes: by their word, or "more than" beside "less than". None where that can't be told.
 *
 * @example yesAmong(['<=50K', '>50K']) // ['>50K']
 */
export function yesAmong(texts: readonly string[]): string[] {
  const words = texts.filter((text) => YES.has(wordOf(text)));
  if (words.length > 0) return words;
  const [more, less] = ['>', '<'].map((sign) => texts.filter((text) => text.trimStart().startsWith(sign)));
  return more!.length > 0 && less!.length > 0 ? more! : [];
}

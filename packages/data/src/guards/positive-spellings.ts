import type { BinaryTask } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import { matches } from '../fitting/labels.ts';
import { countCodes } from '../fitting/statistics.ts';
import { columnIn, type Table } from '../table/table.ts';
import type { DataWarning, PartName } from './warnings.ts';

/** Values that a message lists. */
const SHOWN = 5;

/**
 * Binary tasks whose positive value a part spells otherwise than the training rows, such as `>50K.` for `>50K`: every such
 * row counts as no, and no error says so. Told are values that the training rows lack, where they are the positive value but
 * for case, blanks and signs at the end, or where the part has no positive row.
 *
 * @param part its name, and its raw rows
 * @param train the raw training rows
 * @example
 * positiveSpellings(['test', raw.test], raw.train);
 * // [{ kind: 'positive-spelling', task: 'income', part: 'test', positive: ['>50K', '>50K.'], … }]
 */
export function positiveSpellings([part, rows]: readonly [PartName, Table], train: Table): DataWarning[] {
  return Object.entries(rows.tasks).flatMap(([name, task]): DataWarning[] => {
    if (task.kind !== 'binary' || task.positive === undefined || !(name in train.tasks)) return [];
    return spelling(name, task, part, valuesOf(rows, name, task), valuesOf(train, name, task));
  });
}

function spelling(
  task: string,
  { positive, from = task }: BinaryTask,
  part: PartName,
  here: readonly string[],
  known: readonly string[],
): DataWarning[] {
  const wanted = (typeof positive === 'object' ? positive : [positive!]) as readonly (string | number)[];
  const isYes = (text: string) => wanted.some((value) => matches(text, value));
  const strange = here.filter((text) => !isYes(text) && !known.includes(text));
  const alike = strange.filter((text) => wanted.some((value) => plain(text) === plain(String(value))));
  const none = !here.some(isYes);
  if (alike.length === 0 && !(none && strange.length > 0)) return [];
  const values = [...alike, ...strange.filter((text) => !alike.includes(text))];
  const fixed = alike.length > 0 ? [...wanted, ...alike] : undefined;
  const list = (texts: readonly unknown[]) => texts.map((text) => JSON.stringify(text)).join(', ');
  const seen = list(values.slice(0, SHOWN)) + (values.length > SHOWN ? ', …' : '');
  const what = none ? `No ${part} row is yes for task "${task}"` : `Some ${part} rows count as no for task "${task}"`;
  const mend = fixed
    ? `Pass positive: [${list(fixed)}].`
    : `If one of them means yes, add it: positive: [${list(wanted)}, …].`;
  const message = `${what}: column "${from}" has ${seen} there, which no training row has. ${mend}`;
  return [{ kind: 'positive-spelling', task, part, values, positive: fixed, message }];
}

/** The texts of a label's column in these rows; its dictionary may have those of other rows as well. */
function valuesOf(table: Table, name: string, { from = name }: BinaryTask): string[] {
  const texts = columnIn(table, 'texts', from);
  const counts = countCodes(texts, allRows(table.size));
  return texts.dictionary.filter((_, code) => counts[code]! > 0);
}

/** Without case, blanks, and what stands for nothing at the end. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/(?<=.)[.,;:!]+$/, '');

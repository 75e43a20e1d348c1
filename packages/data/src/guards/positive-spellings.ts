import { fail, labelOf, type Task, type Tasks } from '@polytask/core';
import { allRows, columnIn } from '../columns/columns.ts';
import { binaryLabel, isNumber, matches } from '../fitting/label-texts.ts';
import { countCodes } from '../statistics/statistics.ts';
import { type Table } from '../table/table.ts';
import type { DataWarning, PartName } from './warnings.ts';

/** The number of values that a message lists. */
const SHOWN = 5;

/**
 * Finds binary tasks whose positive value a part spells in another way than the training rows, such as `>50K.` for `>50K`. Rows
 * with the other spelling count as no, without an error. A warning lists values that the training rows lack. It appears when such a
 * value differs from a positive one only in case, blanks or signs at the end, or when the part has no positive row. Without training rows,
 * the first counts, and words for yes.
 *
 * @param part its name, and its raw rows
 * @param train the raw training rows, if they are known
 * @example
 * positiveSpellings(['test', raw.test], raw.train);
 * // [{ kind: 'positive-spelling', task: 'income', part: 'test', positive: ['>50K', '>50K.'], … }]
 */
export function positiveSpellings([part, rows]: readonly [PartName, Table], train?: Table): DataWarning[] {
  return Object.entries(rows.tasks).flatMap(([name, task]): DataWarning[] => {
    const label = labelOf(task);
    if (label.type !== 'yes-no' || label.positive === undefined) return [];
    if (train && !(name in train.tasks)) return [];
    const { positive } = label;
    const positives = typeof positive === 'object' ? positive : [positive];
    return spellings(name, task, positives, part, valuesOf(rows, name, task), train && valuesOf(train, name, task));
  });
}

/**
 * Refuses rows for a trained model whose labels mean yes in another spelling than that of the training: they would count as no.
 *
 * @param where the source of the rows
 * @param tasks only these. Default: all of the rows
 */
export function refuseSpellings(rows: Table, where: string, tasks: Tasks = rows.tasks): void {
  const found = positiveSpellings(['test', rows]).find(
    (each) => each.kind === 'positive-spelling' && each.task in tasks,
  );
  if (!found) return;
  const received = found.message.replace('Column', 'column').replace('. Spell it so.', '');
  fail({ expected: `labels in ${where} as in the training`, received, fix: 'Spell them so.' });
}

function spellings(
  task: string,
  { from = task }: Task,
  positives: readonly (string | number)[],
  part: PartName,
  values: readonly string[],
  trainValues: readonly string[] | undefined,
): DataWarning[] {
  const isYes = (text: string) => positives.some((value) => matches(text, value));
  const strange = values.filter((text) => !isYes(text) && !trainValues?.includes(text));
  const alike = strange.filter((text) => positives.some((value) => plain(text) === plain(String(value))));
  const list = (texts: readonly unknown[]) => texts.map((text) => JSON.stringify(text)).join(', ');
  if (!trainValues) {
    const isWord = (text: string) => binaryLabel({})(text) === 1 && !positives.some((value) => isNumber(String(value)));
    const spelled = strange.filter((text) => alike.includes(text) || isWord(text));
    if (spelled.length === 0) return [];
    const seen = `Column "${from}" has ${list(spelled)}, which counts as no for task "${task}"`;
    const message = `${seen}: yes is ${list(positives)} there. Spell it so.`;
    return [{ kind: 'positive-spelling', task, part, values: spelled, positive: undefined, message }];
  }
  const none = !values.some(isYes);
  if (alike.length === 0 && !(none && strange.length > 0)) return [];
  const suspects = [...alike, ...strange.filter((text) => !alike.includes(text))];
  const fixed = alike.length > 0 ? [...positives, ...alike] : undefined;
  const shown = list(suspects.slice(0, SHOWN)) + (suspects.length > SHOWN ? ', …' : '');
  const what = none ? `No ${part} row is yes for task "${task}"` : `Some ${part} rows count as no for task "${task}"`;
  const fix = fixed
    ? `Pass positive: [${list(fixed)}].`
    : `If one of them means yes, add it: positive: [${list(positives)}, …].`;
  const message = `${what}: column "${from}" has ${shown} there, which no training row has. ${fix}`;
  return [{ kind: 'positive-spelling', task, part, values: suspects, positive: fixed, message }];
}

/** The different texts of a label's column. The dictionary may have texts of other rows, too. */
function valuesOf(table: Table, name: string, { from = name }: Task): string[] {
  const texts = columnIn(table, 'texts', from);
  const counts = countCodes(texts, allRows(table.size));
  return texts.dictionary.filter((_, code) => counts[code]! > 0);
}

/** In lower case, without blanks, and without signs at the end. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/(?<=.)[.,;:!]+$/, '');

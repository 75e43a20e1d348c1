import { fail, type Task, type Tasks } from '@polytask/core';
import { columnIn, textsIn, isNumber } from '../columns/columns.ts';
import { binaryLabel, labeled, readingOf, matches } from '../labels/index.ts';
import { type Table } from '../table/table.ts';
import type { PartName } from '../fitting/row-split.ts';
import { plainText, quoted } from '../words/words.ts';
import type { DataWarning } from './warnings.ts';

/** The number of values that a message lists. */
const SHOWN = 5;

/**
 * Finds binary tasks whose positive value a part spells in another way than the training rows, such as `>50K.` for `>50K`. Rows
 * with the other spelling count as no, without an error. A warning lists values that the training rows lack. It appears when such a
 * value differs from a positive one only in case, blanks, invisible characters, the width of letters or signs at the end. It also
 * appears when the part has no positive row. Without training rows, the first counts, and words for yes.
 *
 * @example
 * positiveSpellings(['test', raw.test], raw.train);
 * // [{ kind: 'positive-spelling', task: 'income', part: 'test', positive: ['>50K', '>50K.'], … }]
 */
export function positiveSpellings([part, rows]: readonly [PartName, Table], train?: Table): DataWarning[] {
  return Object.entries(rows.tasks).flatMap(([name, task]): DataWarning[] => {
    const yes = yesOf(name, task);
    if (!yes || (train && !(name in train.tasks))) return [];
    const valuesOf = (table: Table) => textsIn(columnIn(table, 'texts', yes.column));
    return spellings(name, yes, part, valuesOf(rows), train && valuesOf(train));
  });
}

/**
 * Lists the values that count as no, for each binary task whose training rows have several of them: one may mean yes, or a missing label.
 *
 * @example countedAsNo(raw.train) // [{ kind: 'counted-as-no', task: 'bought', values: ['0', 'unknown'], message: … }]
 */
export function countedAsNo(train: Table): DataWarning[] {
  return Object.entries(train.tasks).flatMap(([name, task]): DataWarning[] => {
    const yes = yesOf(name, task);
    const texts = yes ? textsIn(columnIn(train, 'texts', yes.column)).filter((text) => !yes.isYes(text)) : [];
    const numbers = new Set<number>();
    const isNew = (text: string) => !isNumber(text) || numbers.size < numbers.add(Number(text)).size; // 0.0 is 0
    const values = texts.filter(isNew);
    if (values.length < 2) return [];
    const what = `Task "${name}": ${values.length} values of column "${yes!.column}" count as no`;
    const message = `${what}, ${quoted(values, SHOWN)}. Add those that mean yes to "positive", and those without a label to "missing" (of "csv").`;
    return [{ kind: 'counted-as-no', task: name, values, message }];
  });
}

/** Refuses rows for a trained model whose labels mean yes in another spelling than in the training: they would count as no. */
export function refuseSpellings(rows: Table, where: string, tasks: Tasks = rows.tasks): void {
  const found = positiveSpellings(['test', rows]).find(
    (each) => each.kind === 'positive-spelling' && each.task in tasks,
  );
  if (!found) return;
  const received = found.message.replace('Column', 'column').replace('. Spell it so.', '');
  fail({ expected: `labels in ${where} as in the training`, received, fix: 'Spell them so.' });
}

type Yes = NonNullable<ReturnType<typeof yesOf>>;

/** Undefined for a task without declared positive values. An event means yes where it happened. */
function yesOf(name: string, task: Task) {
  const of = labeled(name, task);
  const yes = readingOf(of.label).yes?.(of);
  if (!yes) return undefined;
  const { column, positive } = yes;
  const positives = typeof positive === 'object' ? positive : [positive];
  return {
    column,
    positives,
    isYes: (text: string) => positives.some((value) => matches(text, value)),
  };
}

function spellings(
  task: string,
  { column, positives, isYes }: Yes,
  part: PartName,
  values: readonly string[],
  trainValues: readonly string[] | undefined,
): DataWarning[] {
  const strange = values.filter((text) => !isYes(text) && !trainValues?.includes(text));
  const alike = strange.filter((text) => positives.some((value) => plainText(text) === plainText(String(value))));
  if (!trainValues) {
    const isWord = (text: string) => binaryLabel({})(text) === 1 && !positives.some((value) => isNumber(String(value)));
    const spelled = strange.filter((text) => alike.includes(text) || isWord(text));
    if (spelled.length === 0) return [];
    const seen = `Column "${column}" has ${quoted(spelled)}, which counts as no for task "${task}"`;
    const message = `${seen}: yes is ${quoted(positives)} there. Spell it so.`;
    return [{ kind: 'positive-spelling', task, part, values: spelled, positive: undefined, message }];
  }
  const none = !values.some(isYes);
  if (alike.length === 0 && !(none && strange.length > 0)) return [];
  const suspects = [...alike, ...strange.filter((text) => !alike.includes(text))];
  const fixed = alike.length > 0 ? [...positives, ...alike] : undefined;
  const what = none ? `No ${part} row is yes for task "${task}"` : `Some ${part} rows count as no for task "${task}"`;
  const fix = fixed
    ? `Pass positive: [${quoted(fixed)}].`
    : `If one of them means yes, add it: positive: [${quoted(positives)}, …].`;
  const message = `${what}: column "${column}" has ${quoted(suspects, SHOWN)} there, which no training row has. ${fix}`;
  return [{ kind: 'positive-spelling', task, part, values: suspects, positive: fixed, message }];
}

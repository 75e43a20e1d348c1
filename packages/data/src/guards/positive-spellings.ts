import { defineFinding, type Finding } from '@polytask/components';
import { fail, type Task, type Tasks } from '@polytask/core';
import { columnIn, textsIn, isNumber } from '../columns/columns.ts';
import { binaryLabel, labeled, readingOf, matches } from '../labels/index.ts';
import { type Table } from '../table/table.ts';
import type { PartName } from '../fitting/row-split.ts';
import { plainText, quoted } from '../words/words.ts';

/** The number of values that a message lists. */
const SHOWN = 5;

interface Spelled {
  /** The values that count as no: those that the training rows lack, likely spellings of yes first. */
  readonly values: readonly string[];
  /** The values that mean yes. */
  readonly positive: readonly (string | number)[];
}

/** Rows for a trained model that spell yes otherwise. */
const spelledOtherwise = /* @__PURE__ */ defineFinding<'task' | 'column' | 'part', Spelled>('positive-spelling', {
  says: ({ task, column, values, positive }) =>
    `Column "${column}" has ${quoted(values)}, which counts as no for task "${task}": yes is ${quoted(positive)} there.`,
  remedy: 'Spell it so.',
});
/** `alike`: those of the values that look like yes. `none`: no row of the part means yes. */
const unlikeTraining = /* @__PURE__ */ defineFinding<
  'task' | 'column' | 'part',
  Spelled & { readonly alike: readonly string[]; readonly none: boolean }
>('positive-spelling', {
  says({ task, column, part, values, none }) {
    const what = none ? `No ${part} row is yes for task "${task}"` : `Some ${part} rows count as no for task "${task}"`;
    return `${what}: column "${column}" has ${quoted(values, SHOWN)} there, which no training row has.`;
  },
  remedy: ({ task, alike, positive }) =>
    alike.length > 0
      ? {
          says: 'Declare all values that mean yes',
          dataset: { tasks: { [task]: { positive: [...positive, ...alike] } } },
        }
      : `If one of them means yes, add it: positive: [${quoted(positive)}, …].`,
});
const severalNo = /* @__PURE__ */ defineFinding<'task' | 'column', Pick<Spelled, 'values'>>('counted-as-no', {
  says: ({ task, column, values }) =>
    `Task "${task}": ${values.length} values of column "${column}" count as no, ${quoted(values, SHOWN)}.`,
  remedy: 'Add those that mean yes to "positive", and those without a label to "missing" (of "csv").',
});

/**
 * Finds binary tasks whose positive value a part spells in another way than the training rows, such as `>50K.` for `>50K`. Rows
 * with the other spelling count as no, without an error. A warning lists values that the training rows lack. It appears when such a
 * value differs from a positive one only in case, blanks, invisible characters, the width of letters or signs at the end. It also
 * appears when the part has no positive row. Without training rows, the first counts, and words for yes.
 *
 * @example
 * positiveSpellings(['test', raw.test], raw.train);
 * // [{ kind: 'positive-spelling', about: { task: 'income', part: 'test' }, evidence: { alike: ['>50K.'], … }, … }]
 */
export function positiveSpellings([part, rows]: readonly [PartName, Table], train?: Table): Finding[] {
  return Object.entries(rows.tasks).flatMap(([task, declared]): Finding[] => {
    const yes = yesOf(task, declared);
    if (!yes || (train && !(task in train.tasks))) return [];
    const { column, positive, isYes } = yes;
    const about = { task, column, part };
    const valuesOf = (table: Table) => textsIn(columnIn(table, 'texts', column));
    const values = valuesOf(rows);
    const known = train ? valuesOf(train) : [];
    const strange = values.filter((text) => !isYes(text) && !known.includes(text));
    const alike = strange.filter((text) => positive.some((value) => plainText(text) === plainText(String(value))));
    if (!train) {
      const isWord = (text: string) =>
        binaryLabel({})(text) === 1 && !positive.some((value) => isNumber(String(value)));
      const spelled = strange.filter((text) => alike.includes(text) || isWord(text));
      return spelled.length === 0 ? [] : [spelledOtherwise(about, { values: spelled, positive })];
    }
    const none = !values.some(isYes);
    if (alike.length === 0 && !(none && strange.length > 0)) return [];
    const suspects = [...alike, ...strange.filter((text) => !alike.includes(text))];
    return [unlikeTraining(about, { values: suspects, positive, alike, none })];
  });
}

/**
 * Lists the values that count as no, for each binary task whose training rows have several of them: one may mean yes, or a missing label.
 *
 * @example countedAsNo(raw.train) // [{ kind: 'counted-as-no', about: { task: 'bought' }, evidence: { values: ['0', 'unknown'], … }, … }]
 */
export function countedAsNo(train: Table): Finding[] {
  return Object.entries(train.tasks).flatMap(([name, task]): Finding[] => {
    const yes = yesOf(name, task);
    const texts = yes ? textsIn(columnIn(train, 'texts', yes.column)).filter((text) => !yes.isYes(text)) : [];
    const numbers = new Set<number>();
    const isNew = (text: string) => !isNumber(text) || numbers.size < numbers.add(Number(text)).size; // 0.0 is 0
    const values = texts.filter(isNew);
    return values.length < 2 ? [] : [severalNo({ task: name, column: yes!.column }, { values })];
  });
}

/** Refuses rows for a trained model whose labels mean yes in another spelling than in the training: they would count as no. */
export function refuseSpellings(rows: Table, where: string, tasks: Tasks = rows.tasks): void {
  const found = positiveSpellings(['test', rows]).find(({ about }) => about.task! in tasks);
  if (!found) return;
  const received = found.message.replace('Column', 'column').replace('. Spell it so.', '');
  fail({ expected: `labels in ${where} as in the training`, received, fix: 'Spell them so.' });
}

/** Undefined for a task without declared positive values. An event means yes where it happened. */
function yesOf(name: string, task: Task) {
  const of = labeled(name, task);
  const yes = readingOf(of.label).yes?.(of);
  if (yes?.positive === undefined) return undefined;
  const positive = typeof yes.positive === 'object' ? yes.positive : [yes.positive];
  return { column: yes.column, positive, isYes: (text: string) => positive.some((value) => matches(text, value)) };
}

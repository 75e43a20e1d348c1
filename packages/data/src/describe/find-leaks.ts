import { type DescribeWarning, BETWEEN } from '../sampling/table-sample.ts';
import { findLeaks, type LeakColumn } from '../statistics/find-leaks.ts';
import { LEAST } from '../statistics/label-judge.ts';
import type { LabelValues } from '../statistics/label-values.ts';
import { containsName } from '../words/name-words.ts';
import { cell, listed } from '../words/words.ts';
import type { ColumnChoice } from './column-choice.ts';
import type { ColumnProfile } from './column-profile.ts';
import { listsIn } from './list-column.ts';
import type { ProposedLabel } from './propose-tasks.ts';

/** A class with a larger share of the rows is often alone by chance. */
const MOST = 0.8;

/** Finds columns that give labels away, as the guard `leaks` does: a clause about each that does so alone, and warnings about several. */
export function leaksIn(choices: ReadonlyMap<ColumnProfile, ColumnChoice>, labels: readonly ProposedLabel[]) {
  const alone = new Map<ColumnProfile, string>();
  const together: DescribeWarning[] = [];
  const used = [...choices].filter(([, { use }]) => use === 'feature');
  const columns = used.map(([profile, { kind }]) => columnOf(profile, kind === 'text'));
  const targets = labels.flatMap((label) => targetsOf(label).map((target) => ({ profile: label.profile, target })));
  for (const { profile, target } of targets) {
    for (const found of findLeaks(target, (rows) => columns.map((at) => at(rows)), targets.length)) {
      const [feature, ...others] = [...choices.keys()].filter(({ name }) => found.columns.includes(name));
      if (others.length === 0) {
        const same = target.type === 'classes' && tellEachOther(feature!, profile);
        const clause = `${same ? 'says the same as' : 'alone tells'} the label \`${profile.name}\``;
        if (!alone.has(feature!)) alone.set(feature!, clause);
        continue;
      }
      const names = listed(found.columns.map((name) => `\`${name}\``));
      const message = `${names} together tell the label \`${profile.name}\`, by ${found.how}. Leave out those that are known only with the label.`;
      if (!together.some(({ column }) => column === profile.name))
        together.push({ kind: 'combined-leak', column: profile.name, message });
    }
  }
  return { alone, together };
}

/** A label as numbers, classes, or yes and no for each of several labels. */
export function targetsOf({ label, profile }: ProposedLabel): LabelValues[] {
  if (label === 'number') return [{ type: 'number', values: profile.numbers! }];
  if (label !== 'labels') return [{ type: 'classes', values: codesOf(profile) }];
  const { parts, separator = BETWEEN } = listsIn(profile)!;
  const lists = profile.values.map((text) => new Set(text.split(separator)));
  return [...parts].map((part) => ({
    type: 'classes',
    values: Float64Array.from(lists, (list, row) => (profile.values[row] === '' ? NaN : Number(list.has(part)))),
  }));
}

const WORDS = /[^\p{L}\p{N}]+/u;

function columnOf(profile: ColumnProfile, isText: boolean): (rows: readonly number[]) => LeakColumn {
  const { name, numbers, values } = profile;
  if (numbers) return (rows) => ({ name, numbers: Float64Array.from(rows, (row) => numbers[row]!) });
  const lists = listsIn(profile);
  const separator = isText ? WORDS : lists && (lists.separator ?? BETWEEN);
  return (rows) => ({ name, texts: rows.map((row) => values[row]!), separator });
}

/** Warns of a column with a label's name in its own, and of one in which only one class has values. */
export function suspicions(feature: ColumnProfile, labels: readonly ProposedLabel[]): DescribeWarning[] {
  const { name } = feature;
  return labels.flatMap((label): DescribeWarning[] => {
    const column = label.profile.name;
    const value = onlyClass(feature, label);
    if (value !== undefined) {
      const what = `\`${name}\` has a value only where \`${column}\` is ${cell(value)}.`;
      const message = `${what} Leave it out if it is written down afterwards.`;
      return [{ kind: 'present-for-one-class', column: name, message }];
    }
    if (!containsName(name, column)) return [];
    const message = `\`${name}\` has the name of the label \`${column}\` in it. Leave it out if it comes from the label.`;
    return [{ kind: 'name-of-label', column: name, message }];
  });
}

/** The only class with values in a column; undefined where there are several, or too few rows to tell. */
function onlyClass(feature: ColumnProfile, { label, profile }: ProposedLabel): string | undefined {
  if (label === 'number' || feature.present < LEAST || feature.missing < LEAST) return undefined;
  const classes = new Set(profile.values.filter((value, row) => value !== '' && feature.values[row] !== ''));
  const [value] = classes;
  return classes.size === 1 && profile.counts.get(value!)! <= MOST * profile.present ? value : undefined;
}

/** The codes of the values, [rows]: 0, 1, … with the most frequent value first; NaN where missing. */
function codesOf({ texts, values }: ColumnProfile): Float64Array {
  const codes = new Map(texts.map((text, code) => [text, code]));
  return Float64Array.from(values, (text) => codes.get(text) ?? NaN);
}

/** Whether two columns have the same information: each value of one belongs to exactly one value of the other. */
export function tellEachOther(a: ColumnProfile, b: ColumnProfile): boolean {
  if (a.counts.size !== b.counts.size) return false;
  const partnerOf = new Map<string, string>();
  const isFunction = a.values.every((value, row) => {
    const other = b.values[row]!;
    if ((value === '') !== (other === '')) return false;
    if (value === '') return true;
    if (!partnerOf.has(value)) partnerOf.set(value, other);
    return partnerOf.get(value) === other;
  });
  return isFunction && new Set(partnerOf.values()).size === partnerOf.size;
}

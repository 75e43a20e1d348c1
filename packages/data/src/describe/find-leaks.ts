import { type DescribeWarning, BETWEEN } from '../sampling/table-sample.ts';
import { findLeaks, type LeakColumn } from '../statistics/find-leaks.ts';
import type { LabelValues } from '../statistics/label-values.ts';
import { containsName } from '../words/name-words.ts';
import { listed } from '../words/words.ts';
import type { ColumnChoice } from './column-choice.ts';
import type { ColumnProfile } from './column-profile.ts';
import { knownBefore } from './known-before.ts';
import { listsIn } from './list-column.ts';
import type { ProposedLabel } from './propose-tasks.ts';

/** Finds columns that give labels away, as the guard `leaks` does: a clause about each that does so alone, and warnings about several. */
export function leaksIn(choices: ReadonlyMap<ColumnProfile, ColumnChoice>, labels: readonly ProposedLabel[]) {
  const alone = new Map<ColumnProfile, string>();
  const together: DescribeWarning[] = [];
  const asked = new Set<string>();
  const used = [...choices].filter(([, { use }]) => use === 'feature');
  const columns = used.map(([profile, { kind }]) => columnOf(profile, kind === 'text'));
  const targets = labels.flatMap((label) => targetsOf(label).map((target) => ({ label, target })));
  for (const { label, target } of targets) {
    const { profile } = label;
    const leaks = findLeaks(target, (rows) => columns.map((at) => at(rows)), targets.length);
    for (const found of leaks.leaks) {
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
    const others = used.flatMap(([profile]) => (alone.has(profile) ? [] : [profile]));
    const isNew = ({ kind, column }: DescribeWarning) => !asked.has(`${kind} ${column} ${profile.name}`);
    const asking = knownBefore(label, target, others, leaks).filter(isNew);
    for (const { kind, column } of asking) asked.add(`${kind} ${column} ${profile.name}`); // one of several labels is enough
    together.push(...asking);
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

/** Warns of a column with a label's name in its own. */
export const namesakes = ({ name }: ColumnProfile, labels: readonly ProposedLabel[]): DescribeWarning[] =>
  labels.flatMap(({ profile: { name: column } }): DescribeWarning[] => {
    if (!containsName(name, column)) return [];
    const message = `\`${name}\` has the name of the label \`${column}\` in it. Leave it out if it comes from the label.`;
    return [{ kind: 'name-of-label', column: name, message, remedy: { leaveOut: [name] } }];
  });

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

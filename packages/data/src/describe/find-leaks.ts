import { BETWEEN, tableFinding, type TableFinding } from '../sampling/table-sample.ts';
import type { Finding } from '@polytask/components';
import { type DecidingValue, decidingValues } from '../statistics/deciding-values.ts';
import { findLeaks, type FoundLeaks, type LeakColumn } from '../statistics/find-leaks.ts';
import type { LabelValues } from '../statistics/label-values.ts';
import { containsName } from '../words/name-words.ts';
import { cell, grouped, listed, percent } from '../words/words.ts';
import type { ColumnChoice } from './column-choice.ts';
import type { ColumnProfile } from './column-profile.ts';
import { listsIn } from './list-column.ts';
import type { ProposedLabel } from './propose-tasks.ts';

/** What a column that alone gives a label away says, as a clause. */
export interface Leak {
  readonly label: string;
  readonly clause: string;
}

/** Finds columns that give labels away, as the guard `leaks` does: a clause about each that does so alone, and warnings about several. */
export function leaksIn(choices: ReadonlyMap<ColumnProfile, ColumnChoice>, labels: readonly ProposedLabel[]) {
  const alone = new Map<ColumnProfile, Leak>();
  const together = new Map<string, TableFinding>();
  const add = (label: string, warning: TableFinding): void => {
    const key = `${warning.kind} ${warning.about.column} ${label}`;
    if (!together.has(key)) together.set(key, warning); // one of several labels is enough
  };
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
        if (!alone.has(feature!)) alone.set(feature!, { label: profile.name, clause });
        continue;
      }
      const names = listed(found.columns.map((name) => `\`${name}\``));
      const message = `${names} together tell the label \`${profile.name}\`, by ${found.how}. Leave out those that are known only with the label.`;
      add(profile.name, tableFinding('combined-leak', { column: profile.name }, { columns: found.columns }, message));
    }
    const others = used.flatMap(([profile]) => (alone.has(profile) ? [] : [profile]));
    for (const warning of knownBefore(label, target, others, leaks)) add(profile.name, warning);
  }
  return { alone, together: [...together.values()] };
}

/** If the other columns lead to the class in the rows of a value with this probability, the value says nothing that isn't known. */
const EXPECTED = 0.9;

/**
 * Asks about columns that may be known only after the outcome: one value decides the label, though ordinary columns don't lead to it there; or
 * the column carries the label nearly alone.
 *
 * @param columns the features that don't tell the label
 */
function knownBefore(
  { label, profile }: ProposedLabel,
  target: LabelValues,
  columns: readonly ColumnProfile[],
  { leaks, carrying, expected }: FoundLeaks,
): TableFinding[] {
  const found = columns.map((column) => ({ column, values: decidingValues(column.values, target) }));
  const ordinary = found.filter(({ values }) => values.length === 0).map(({ column }) => column.name);
  const isExpected = ({ values }: ColumnProfile, { value, label: code }: DecidingValue) =>
    ordinary.length > 0 &&
    expected(ordinary, code, (row) => (value === undefined ? values[row] !== '' : values[row] === value)) >= EXPECTED;
  const deciding = found.flatMap(({ column, values }) => {
    const { name } = column;
    const decides = values.find((each) => !isExpected(column, each));
    if (!decides) return [];
    const words = decidingWords(name, decides, label, profile);
    return [warning('decides-label', name, { ...decides, label: profile.name }, words)];
  });
  const carries = leaks.some((leak) => leak.columns.length > 1) ? undefined : carrying();
  if (!carries || deciding.some(({ about }) => about.column === carries.column)) return deciding;
  const { column, measure, alone, without } = carries;
  const what = `\`${column}\` alone predicts \`${profile.name}\` with ${measure} ${alone.toFixed(2)}`;
  const others = `all other features together with ${without.toFixed(2)}`;
  const evidence = { label: profile.name, measure, alone, without };
  return [...deciding, warning('carries-label', column, evidence, `${what}, and ${others}`)];
}

const warning = (kind: string, column: string, evidence: Finding['evidence'], what: string): TableFinding => {
  const message = `${what}. Is \`${column}\` known before the outcome? If not, leave it out of the features.`;
  return tableFinding(kind, { column }, evidence, message, { leaveOut: [column] });
};

function decidingWords(
  name: string,
  { value, label, rows, others, shareElsewhere }: DecidingValue,
  type: ProposedLabel['label'],
  { name: column, texts }: ColumnProfile,
): string {
  const where = value === undefined ? 'has a value' : value === '' ? 'is empty' : `is ${cell(value)}`;
  const ofNumber = `is ${label ? '' : 'not '}${texts[0]!}`;
  const ofList = `${label ? 'has' : 'lacks'} one of its labels`;
  const is = type === 'labels' ? ofList : type === 'number' ? ofNumber : `is ${cell(texts[label]!)}`;
  const share = others === 0 ? `all ${grouped(rows)}` : `${grouped(rows - others)} of ${grouped(rows)}`;
  return `\`${column}\` ${is} in ${share} rows where \`${name}\` ${where}, and in ${percent(shareElsewhere, 1)} of the others`;
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
export const namesakes = ({ name }: ColumnProfile, labels: readonly ProposedLabel[]): TableFinding[] =>
  labels.flatMap(({ profile: { name: column } }): TableFinding[] => {
    if (!containsName(name, column)) return [];
    const message = `\`${name}\` has the name of the label \`${column}\` in it. Leave it out if it comes from the label.`;
    return [tableFinding('name-of-label', { column: name }, { label: column }, message, { leaveOut: [name] })];
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

import { aucOf, correlation } from '../guards/labels-among-features.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { DescribeWarning } from './description.ts';
import { containsName } from './name-words.ts';
import type { ProposedLabel } from './propose-tasks.ts';
import { cell } from './words.ts';

/** A column that tells so much of the labels is not believed. */
const TELLING = 0.999;
/** Fewer labels than this prove nothing. */
const LEAST = 20;
/** A class with a greater share of the rows is alone in many places by chance. */
const MOST = 0.8;

/** A column that alone tells a label. */
interface Leak {
  readonly label: string;
  /** A clause about the column: "says the same as `income`". */
  readonly what: string;
}

/**
 * Looks for the label in another column, by the rules of `labelsAmongFeatures`: a number's AUC or correlation, or how many rows
 * the most frequent label of each value is right for. A value that is only there for one class tells, too.
 */
export function findLeak(feature: ColumnProfile, labels: readonly ProposedLabel[]): Leak | undefined {
  for (const label of labels) {
    const score = label.kind === 'regression' ? ofNumbers(feature, label) : ofClasses(feature, label);
    if (score < TELLING) continue;
    const name = label.profile.name;
    const same = label.kind !== 'regression' && tellEachOther(feature, label.profile);
    return { label: name, what: same ? `says the same as the label \`${name}\`` : `alone tells the label \`${name}\`` };
  }
  return undefined;
}

/** What makes a column suspicious that tells no label alone: its name, or that only one class has a value there. */
export function suspicions(feature: ColumnProfile, labels: readonly ProposedLabel[]): DescribeWarning[] {
  const { name } = feature;
  return labels.flatMap((label): DescribeWarning[] => {
    const column = label.profile.name;
    const value = onlyClass(feature, label);
    if (value !== undefined) {
      const message = `\`${name}\` has a value only where \`${column}\` is ${cell(value)}. Leave it out if it is written down afterwards.`;
      return [{ kind: 'present-for-one-class', column: name, message }];
    }
    if (!containsName(name, column)) return [];
    const message = `\`${name}\` has the name of the label \`${column}\` in it. Leave it out if it comes from the label.`;
    return [{ kind: 'name-of-label', column: name, message }];
  });
}

/** The class that alone has values in a column. */
function onlyClass(feature: ColumnProfile, { kind, profile }: ProposedLabel): string | undefined {
  if (kind === 'regression' || feature.present < LEAST || feature.missing < LEAST) return undefined;
  const seen = new Set(profile.values.filter((label, row) => label !== '' && feature.values[row] !== ''));
  const [value] = seen;
  return seen.size === 1 && profile.counts.get(value!)! <= MOST * profile.present ? value : undefined;
}

function ofNumbers({ numbers }: ColumnProfile, { profile }: ProposedLabel): number {
  const labels = profile.numbers;
  if (!numbers || !labels) return 0;
  const rows = [...labels.keys()].filter((row) => !Number.isNaN(labels[row]) && !Number.isNaN(numbers[row]));
  if (rows.length < LEAST) return 0;
  return correlation(
    Float64Array.from(rows, (row) => numbers[row]!),
    Float64Array.from(rows, (row) => labels[row]!),
  );
}

function ofClasses(feature: ColumnProfile, { kind, profile }: ProposedLabel): number {
  const labels = codesOf(profile);
  const scores = [agreement(codesOf(feature), labels, LEAST)];
  if (feature.missing > 0) scores.push(agreement(codesOf(feature).map((code) => Math.min(code, 0)), labels, LEAST)); // prettier-ignore
  if (feature.numbers && kind === 'binary' && profile.counts.size === 2) scores.push(ofBinary(feature.numbers, labels));
  return Math.max(...scores);
}

function ofBinary(numbers: Float64Array, labels: Int32Array): number {
  const rows = [...labels.keys()].filter((row) => labels[row]! >= 0 && !Number.isNaN(numbers[row]));
  const positives = rows.filter((row) => labels[row] === 1).length;
  if (Math.min(positives, rows.length - positives) < LEAST) return 0;
  const auc = aucOf(
    Float64Array.from(rows, (row) => numbers[row]!),
    rows.map((row) => labels[row]!),
  );
  return Math.max(auc, 1 - auc);
}

/** The values as numbers from 0 on, most frequent first; −1 where missing. [rows] */
function codesOf({ counts, values }: ColumnProfile): Int32Array {
  const codes = new Map([...counts.keys()].map((text, code) => [text, code]));
  return Int32Array.from(values, (text) => codes.get(text) ?? -1);
}

/**
 * How well the most frequent label of each value tells the label: the least share of right rows over the classes with `least`
 * rows or more, of which there must be two. Values that stand in one row only are wrong, so an id tells nothing.
 *
 * @param values [rows] any whole numbers
 * @param labels [rows] −1 where missing
 */
function agreement(values: Int32Array, labels: Int32Array, least: number): number {
  const byValue = new Map<number, Map<number, number>>();
  const sizes = new Map<number, number>();
  labels.forEach((label, row) => {
    if (label < 0) return;
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const counts = byValue.get(values[row]!) ?? new Map<number, number>();
    byValue.set(values[row]!, counts.set(label, (counts.get(label) ?? 0) + 1));
  });
  const classes = [...sizes].filter(([, size]) => size >= least);
  if (classes.length < 2) return 0;
  const right = new Map<number, number>();
  for (const counts of byValue.values()) {
    const [label, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    if (counts.size > 1 || count > 1) right.set(label, (right.get(label) ?? 0) + count);
  }
  return Math.min(...classes.map(([label, size]) => (right.get(label) ?? 0) / size));
}

/** Whether each value of one column goes with one value of the other, and the other way round. */
export function tellEachOther(a: ColumnProfile, b: ColumnProfile): boolean {
  if (a.counts.size !== b.counts.size) return false;
  const partner = new Map<string, string>();
  const both = a.values.every((value, row) => {
    const other = b.values[row]!;
    if ((value === '') !== (other === '')) return false;
    if (value === '') return true;
    const known = partner.get(value);
    if (known === undefined) partner.set(value, other);
    return known === undefined || known === other;
  });
  return both && new Set(partner.values()).size === partner.size;
}

import type { DescribeWarning } from '../sampling/table-sample.ts';
import { correlation, separation } from '../statistics/association.ts';
import { tellingCombination } from '../statistics/telling-combination.ts';
import type { ColumnProfile } from './column-profile.ts';
import { containsName } from '../words/name-words.ts';
import type { ProposedLabel } from './propose-tasks.ts';
import { cell, listed } from '../words/words.ts';

/** A column with this score gives the label away. */
const TELLING = 0.999;
/** Classes with fewer rows are not judged. */
const LEAST = 20;
/** A class with a larger share of the rows is often alone by chance. */
const MOST = 0.8;

/**
 * Finds a label that a column gives away, by the scores of `labelsAmongFeatures`. The score of a number is its AUC or correlation.
 * The score of a category is the share of rows whose label is the most frequent one of its value. Whether a value is missing may
 * give a label away, too.
 *
 * @returns a clause about the column, such as "says the same as the label `income`"; undefined without a leak
 */
export function findLeak(feature: ColumnProfile, labels: readonly ProposedLabel[]): string | undefined {
  for (const label of labels) {
    const score = label.label === 'number' ? ofNumbers(feature, label) : ofClasses(feature, label);
    if (score < TELLING) continue;
    const name = label.profile.name;
    const same = label.label !== 'number' && tellEachOther(feature, label.profile);
    return same ? `says the same as the label \`${name}\`` : `alone tells the label \`${name}\``;
  }
  return undefined;
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

/** Warns of columns of numbers that together tell a label, such as the parts of a total. */
export function combinedLeaks(features: readonly ColumnProfile[], labels: readonly ProposedLabel[]): DescribeWarning[] {
  const columns = features.flatMap(({ name, numbers }) => (numbers ? [{ name, values: numbers }] : []));
  return labels.flatMap(({ label, profile }): DescribeWarning[] => {
    const isBinary = label === 'yes-no' && profile.counts.size === 2;
    const values = isBinary ? Float64Array.from(codesOf(profile), (code) => (code < 0 ? NaN : code)) : profile.numbers;
    if (!values || (label !== 'number' && !isBinary)) return [];
    const found = tellingCombination(columns, values, isBinary);
    if (!found) return [];
    const names = listed(found.columns.map((name) => `\`${name}\``));
    const what = `${names} together tell the label \`${profile.name}\`, by ${found.how}.`;
    const message = `${what} Leave out those that are known only with the label.`;
    return [{ kind: 'combined-leak', column: profile.name, message }];
  });
}

/** The only class with values in a column; undefined where there are several, or too few rows to tell. */
function onlyClass(feature: ColumnProfile, { label, profile }: ProposedLabel): string | undefined {
  if (label === 'number' || feature.present < LEAST || feature.missing < LEAST) return undefined;
  const classes = new Set(profile.values.filter((value, row) => value !== '' && feature.values[row] !== ''));
  const [value] = classes;
  return classes.size === 1 && profile.counts.get(value!)! <= MOST * profile.present ? value : undefined;
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

function ofClasses(feature: ColumnProfile, { label, profile }: ProposedLabel): number {
  const labels = codesOf(profile);
  const scores = [agreement(codesOf(feature), labels, LEAST)];
  if (feature.missing > 0) {
    const isPresent = codesOf(feature).map((code) => Math.min(code, 0));
    scores.push(agreement(isPresent, labels, LEAST));
  }
  if (feature.numbers && label === 'yes-no' && profile.counts.size === 2)
    scores.push(ofBinary(feature.numbers, labels));
  return Math.max(...scores);
}

function ofBinary(numbers: Float64Array, labels: Int32Array): number {
  const rows = [...labels.keys()].filter((row) => labels[row]! >= 0 && !Number.isNaN(numbers[row]));
  const positives = rows.filter((row) => labels[row] === 1).length;
  if (Math.min(positives, rows.length - positives) < LEAST) return 0;
  return separation(
    Float64Array.from(rows, (row) => numbers[row]!),
    rows.map((row) => labels[row]!),
  );
}

/** The codes of the values, [rows]: 0, 1, … with the most frequent value first; −1 where missing. */
function codesOf({ counts, values }: ColumnProfile): Int32Array {
  const codes = new Map([...counts.keys()].map((text, code) => [text, code]));
  return Int32Array.from(values, (text) => codes.get(text) ?? -1);
}

/**
 * The share of a class's rows for which the most frequent label of the row's value is right: the lowest share of all classes with
 * at least `least` rows. 0 with fewer than two such classes. A value in a single row counts as wrong, so an id has a low score.
 *
 * @param values [rows] codes
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

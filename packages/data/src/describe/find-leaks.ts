import { aucOf, correlation } from '../guards/labels-among-features.ts';
import type { ColumnProfile } from './column-profile.ts';
import { agreement, codesOf, tellEachOther } from './agreement.ts';
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
export interface Leak {
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

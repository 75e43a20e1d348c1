import { countsOf, groupBy } from '@polytask/components';
import type { LabelValues } from './label-values.ts';
import { mostFrequent } from './counts.ts';

/** A value's rows have another class at most this share as often as all rows do. */
const SHARE = 0.1;
/** The value separates this share of a class from the others: as a prediction its AUC is .65. */
const LEAST_COVERED = 0.3;
/** The normal quantile of a one-sided bound at 97.5%. */
const Z = 1.96;

/** A value of a column, or that it is empty or not, whose rows nearly all have one class of a label that varies otherwise. */
export interface DecidingValue {
  /** '' where the column is empty, undefined where it has any value. */
  readonly value: string | undefined;
  /** The class's code, or for a label of numbers whether it is the most frequent number: 1 or 0. */
  readonly label: number;
  /** The rows with the value that have a label, and those of them with another class. */
  readonly rows: number;
  readonly others: number;
  /** The share of the class among the rows without the value. */
  readonly shareElsewhere: number;
  /** The share of the class that has the value, less that of the other classes. */
  readonly covered: number;
}

/**
 * Finds the values of a column that decide a label, the one that covers most of a class first. Of n rows with the value, n times the share of the other classes would be
 * expected by chance. The upper 97.5% bound of how many there are (Poisson) is at most a tenth of that, so 37 have to be expected where there
 * are none: rare values and rare classes decide nothing.
 *
 * @param values [rows], '' where missing
 */
export function decidingValues(values: readonly string[], { type, values: given }: LabelValues): DecidingValue[] {
  const usual = type === 'number' ? mostFrequent(Float64Array.from(given)) : undefined;
  const labels = Array.from(given, (y) => (usual === undefined || Number.isNaN(y) ? y : Number(y === usual)));
  const rows = values.flatMap((value, row) => (Number.isNaN(labels[row]!) ? [] : [{ value, label: labels[row]! }]));
  const totals = countsOf(rows.map(({ label }) => label));
  const groups: (readonly [value: string | undefined, rows: typeof rows])[] = [...groupBy(rows, ({ value }) => value)];
  const present = rows.filter(({ value }) => value !== '');
  if (present.length > 0 && present.length < rows.length) groups.push([undefined, present]);
  const found = groups.flatMap(([value, own]) => {
    if (own.length === rows.length) return [];
    const [label, count] = [...countsOf(own.map((row) => row.label))].reduce((a, b) => (b[1] > a[1] ? b : a));
    const [ofClass, others] = [totals.get(label)!, own.length - count];
    const expected = (own.length * (rows.length - ofClass)) / rows.length;
    const covered = count / ofClass - others / (rows.length - ofClass);
    if (upperBound(others) > SHARE * expected || covered < LEAST_COVERED) return [];
    const shareElsewhere = (ofClass - count) / (rows.length - own.length);
    return [{ value, label, rows: own.length, others, shareElsewhere, covered }];
  });
  return found.sort((a, b) => b.covered - a.covered);
}

/** The upper 97.5% bound of a Poisson mean (Byar's approximation: Breslow & Day 1987, eq. 2.2). */
function upperBound(count: number): number {
  const next = count + 1;
  return next * (1 - 1 / (9 * next) + Z / (3 * Math.sqrt(next))) ** 3;
}

import type { ColumnProfile } from './column-profile.ts';

/** The values as numbers from 0 on, most frequent first; −1 where missing. [rows] */
export function codesOf({ counts, values }: ColumnProfile): Int32Array {
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
export function agreement(values: Int32Array, labels: Int32Array, least: number): number {
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

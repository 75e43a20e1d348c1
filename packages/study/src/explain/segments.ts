/** Rows with something in common. */
export interface Segment {
  readonly name: string;
  /** The indices of the rows, ascending. */
  readonly rows: readonly number[];
}

/** The largest number of segments with a name of their own. */
const MOST = 8;
/** The name of the segment of rows without a value. */
const MISSING = '(missing)';
const OTHERS = '(others)';

/**
 * Divides rows by the values of a column. A column of more than eight different numbers gives four segments of about equally many rows.
 * Any other column gives a segment for each of its eight most frequent values, and one for the others.
 *
 * @param values the value of each row; undefined for a missing one
 * @example segmentsBy(['a', 'b', 'a']).map(({ name, rows }) => [name, rows.length]); // [['a', 2], ['b', 1]]
 */
export function segmentsBy(values: readonly (string | undefined)[]): Segment[] {
  const present = values.filter((value) => value !== undefined);
  const distinct = new Set(present);
  const isNumeric = present.every((value) => value.trim() !== '' && Number.isFinite(Number(value)));
  if (distinct.size > MOST && isNumeric) return grouped(values, quarters(present.map(Number)));
  const counts = new Map<string, number>();
  for (const value of present) counts.set(value, (counts.get(value) ?? 0) + 1);
  const frequent = [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
  const named = frequent.length <= MOST ? frequent : frequent.slice(0, MOST);
  return grouped(values, (value) => (named.includes(value) ? value : OTHERS), [...named, OTHERS]);
}

/** Names the quarter of a number: `20 to 35`. */
function quarters(numbers: readonly number[]): (value: string) => string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const ends = [...new Set([1, 2, 3, 4].map((q) => sorted[Math.ceil((q * sorted.length) / 4) - 1]!))];
  return (value) => {
    const q = ends.findIndex((end) => Number(value) <= end);
    return q === 0 ? `up to ${ends[0]}` : `over ${ends[q - 1]}, up to ${ends[q]}`;
  };
}

/** The segments, in a given order of names or by their first numbers. */
function grouped(
  values: readonly (string | undefined)[],
  nameOf: (value: string) => string,
  order?: readonly string[],
): Segment[] {
  const rows = new Map<string, number[]>((order ?? []).map((name) => [name, []]));
  const smallest = new Map<string, number>();
  for (const [row, value] of values.entries()) {
    const name = value === undefined ? MISSING : nameOf(value);
    if (!rows.has(name)) rows.set(name, []);
    rows.get(name)!.push(row);
    smallest.set(name, Math.min(smallest.get(name) ?? Infinity, value === undefined ? Infinity : Number(value)));
  }
  const segments = [...rows].filter(([, own]) => own.length > 0).map(([name, own]): Segment => ({ name, rows: own }));
  return order ? segments : segments.sort((a, b) => smallest.get(a.name)! - smallest.get(b.name)!);
}

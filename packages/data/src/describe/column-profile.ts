import { isNumber } from './missing-markers.ts';

/** The values of one column in the sample, counted. */
export interface ColumnProfile {
  readonly name: string;
  /** [rows] '' where the value is missing. */
  readonly values: readonly string[];
  /** How often each value occurs, most frequent first; without the missing ones. */
  readonly counts: ReadonlyMap<string, number>;
  /** Rows with a value. */
  readonly present: number;
  readonly missing: number;
  /** [rows], NaN where the value is missing; only for columns of numbers. */
  readonly numbers?: Float64Array | undefined;
}

/** How often each text occurs. */
export function countTexts(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of values) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** @param raw how often each text of the column occurs, the empty one and the markers included */
export function profileOf(
  name: string,
  values: readonly string[],
  raw: ReadonlyMap<string, number>,
  markers: ReadonlySet<string>,
): ColumnProfile {
  const counts = new Map(
    [...raw]
      .filter(([text]) => text !== '' && !markers.has(text))
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
  );
  const present = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const cleaned =
    present + (raw.get('') ?? 0) === values.length ? values : values.map((v) => (markers.has(v) ? '' : v));
  const numeric = counts.size > 0 && [...counts.keys()].every(isNumber);
  return {
    name,
    values: cleaned,
    counts,
    present,
    missing: values.length - present,
    numbers: numeric ? Float64Array.from(cleaned, (text) => (text === '' ? NaN : Number(text))) : undefined,
  };
}

/** How many values occur fewer than so many times. */
export const rarerThan = ({ counts }: ColumnProfile, times: number): number =>
  [...counts.values()].filter((count) => count < times).length;

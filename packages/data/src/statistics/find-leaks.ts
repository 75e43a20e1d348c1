import type { TreeColumn } from './held-out-tree.ts';
import { labelJudge, LEAST, type LeakLabel, TELLING } from './label-judge.ts';
import { type Candidate, type Leak, tellingCombination } from './telling-combination.ts';

/** The rows to look at for one label. Of several labels, each gets a part. */
const ROWS = 4000;
const FEWEST_ROWS = 800;
/** The most frequent number is that of so many rows. */
const COUNTED = 10_000;
/** Of more classes, the most frequent ones are judged. */
const MOST_CLASSES = 20;
/** Numbers are split between so many quantiles, if the label is a number. */
const QUANTILES = 256;

/** A column in some rows: numbers, NaN where missing, or texts, of which a row may have several. */
export type LeakColumn = { readonly name: string } & (
  | { readonly numbers: Float64Array }
  | { readonly texts: readonly (string | null)[]; readonly separator?: string | RegExp | undefined }
);

/**
 * Finds columns that alone tell a label, and the best combination of others that do so together. It looks at no more than 4000 rows, as
 * many of each class as of any other where there are so many. Classes of fewer than 20 rows are left out.
 *
 * A column's score comes from decision trees that predict rows which they were not grown on. For classes it is the least share of a class's
 * rows that are right, for numbers the correlation with the labels' logarithmic distances from the median. The score of a column of numbers is
 * the correlation with a number, or the AUC for two classes, if that is greater.
 *
 * @param columnsOf the columns in these rows
 * @param labels how many labels there are
 * @example
 * findLeaks({ type: 'number', values: sums }, () => columns, 1); // [{ columns: ['a', 'b'], how: 'their sum', score: 1 }]
 */
export function findLeaks(
  { type, values }: LeakLabel,
  columnsOf: (rows: readonly number[]) => readonly LeakColumn[],
  labels: number,
): Leak[] {
  const rows = judgedRows({ type, values }, Math.max(FEWEST_ROWS, Math.floor(ROWS / labels)));
  if (rows.length === 0) return [];
  const judge = labelJudge(
    type,
    Float64Array.from(rows, (row) => values[row]!),
  );
  const candidates = columnsOf(rows)
    .map((column): Candidate => {
      const numbers = 'numbers' in column ? column.numbers : undefined;
      const tree = treeColumn(column, judge.target, type);
      const score = Math.max(numbers ? judge.numbers(numbers, judge.target) : 0, judge.trees([tree]));
      return { name: column.name, numbers, tree, score };
    })
    .sort((a, b) => b.score - a.score);
  const telling = candidates.filter(({ score }) => score >= TELLING);
  const together = tellingCombination(candidates.slice(telling.length), judge);
  const alone = telling.map(({ name, score }): Leak => ({ columns: [name], how: 'its values', score }));
  return together ? [...alone, together] : alone;
}

/** Rows from all of the table: as many of each class, or half of them with the most frequent number. None with too few others. */
function judgedRows({ type, values }: LeakLabel, most: number): number[] {
  const usual = type === 'number' ? usualNumber(values) : undefined;
  const byGroup = new Map<number, number[]>();
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const group = usual === undefined ? value : Number(value === usual);
    const rows = byGroup.get(group);
    if (rows) rows.push(row);
    else byGroup.set(group, [row]);
  }
  const isEnough = (rows: readonly number[] | undefined) => rows !== undefined && rows.length >= LEAST;
  const frequent = [...byGroup.values()].filter(isEnough).sort((a, b) => b.length - a.length);
  const groups = type === 'number' ? [...byGroup.values()] : frequent.slice(0, MOST_CLASSES);
  if (groups.length < 2 || (type === 'number' && !isEnough(byGroup.get(0)))) return [];
  const each = Math.max(LEAST, Math.floor(most / groups.length));
  return groups.flatMap((rows) => evenly(rows, each)).sort((a, b) => a - b);
}

/** At most so many of some items, from all places. */
const evenly = <T>(items: ArrayLike<T>, most: number): T[] =>
  Array.from(
    { length: Math.min(items.length, most) },
    (_, i) => items[Math.floor(i * Math.max(1, items.length / most))]!,
  );

/** The most frequent number of some rows. */
function usualNumber(values: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  for (const value of evenly(values, COUNTED)) {
    if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [NaN, 0])[0];
}

function treeColumn(column: LeakColumn, target: Float64Array, type: LeakLabel['type']): TreeColumn {
  if ('numbers' in column) {
    const { numbers } = column;
    const codes = type === 'number' ? quantiles(numbers) : runs(numbers, target);
    return { type: 'ordered', codes };
  }
  const { texts, separator } = column;
  const codeOf = new Map<string | null, number>();
  const coded = (text: string | null) => {
    if (!codeOf.has(text)) codeOf.set(text, codeOf.size);
    return codeOf.get(text)!;
  };
  if (separator === undefined) return { type: 'category', codes: texts.map((text) => [coded(text)]) };
  return { type: 'list', codes: texts.map((text) => [...new Set(text?.split(separator))].map(coded)) };
}

/** Rows by a number, missing ones first: the rows of each different number. */
function groupsOf(numbers: Float64Array): number[][] {
  const keys = numbers.map((value) => (Number.isNaN(value) ? -Infinity : value));
  const groups: number[][] = [];
  let last = NaN;
  for (const row of [...keys.keys()].sort((a, b) => keys[a]! - keys[b]! || a - b)) {
    if (keys[row] === last) groups.at(-1)!.push(row);
    else groups.push([row]);
    last = keys[row]!;
  }
  return groups;
}

/** The code of each row's number: neighboring numbers have one code where all their rows are of one class, as no split parts them. */
function runs(numbers: Float64Array, target: Float64Array): number[][] {
  const codes: number[][] = [];
  let [code, last] = [-1, NaN];
  for (const rows of groupsOf(numbers)) {
    const label = target[rows[0]!]!;
    const own = rows.every((row) => target[row] === label) ? label : NaN;
    if (own !== last) code++; // NaN, several classes, differs from NaN
    for (const row of rows) codes[row] = [code];
    last = own;
  }
  return codes;
}

function quantiles(numbers: Float64Array): number[][] {
  const codes: number[][] = [];
  let before = 0;
  for (const rows of groupsOf(numbers)) {
    for (const row of rows) codes[row] = [Math.floor((QUANTILES * before) / numbers.length)];
    before += rows.length;
  }
  return codes;
}

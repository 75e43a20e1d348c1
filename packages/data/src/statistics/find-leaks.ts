import { groupBy } from '@polytask/components';
import { mostFrequent } from './counts.ts';
import { drawsOf } from './draws.ts';
import type { TreeColumn } from './held-out-tree.ts';
import { labelJudge, type LabelJudge, LEAST, TELLING } from './label-judge.ts';
import type { LabelValues } from './label-values.ts';
import { type Candidate, type Leak, tellingCombination } from './telling-combination.ts';

/** The rows to look at for one label. Of several labels, each gets a part. */
const ROWS = 2000;
const FEWEST_ROWS = 500;
/** So many columns are tried in pairs for one label; of several labels, each gets fewer. */
const PAIRED = 20;
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
 * Finds columns that alone tell a label, and the best combination of others that do so together, with the scores of the guard `leaks`. The
 * correlation is that with the labels' logarithmic distances from the median.
 */
export function findLeaks(
  { type, values }: LabelValues,
  columnsOf: (rows: readonly number[]) => readonly LeakColumn[],
  labels: number,
): FoundLeaks {
  const rows = judgedRows({ type, values }, Math.max(FEWEST_ROWS, Math.floor(ROWS / labels)));
  if (rows.length === 0) return { leaks: [], carrying: () => undefined, expected: () => NaN };
  const target = Float64Array.from(rows, (row) => values[row]!);
  const judge = labelJudge(type, target);
  const candidates = columnsOf(rows)
    .map((column): Candidate => {
      const numbers = 'numbers' in column ? column.numbers : undefined;
      const tree = treeColumn(column, target, type);
      const score = Math.max(numbers ? judge.numbers(numbers, target) : 0, judge.trees([tree]));
      return { name: column.name, numbers, tree, score };
    })
    .sort((a, b) => b.score - a.score);
  const telling = candidates.filter(({ score }) => score >= TELLING);
  const others = candidates.slice(telling.length);
  const together = tellingCombination(others, judge, Math.ceil(PAIRED / Math.sqrt(labels)));
  const alone = telling.map(({ name, score }): Leak => ({ columns: [name], how: 'its values', score }));
  return {
    leaks: together ? [...alone, together] : alone,
    carrying: () => carrying(others, judge),
    expected(columns, label, isCounted) {
      const trees = treesOf(candidates.filter(({ name }) => columns.includes(name)));
      return judge.expected(trees, label, (i) => isCounted(rows[i]!));
    },
  };
}

/** Trees split categories of fewer rows by chance, and then the columns that say something aren't used. */
const ROWS_PER_CODE = 10;

const treesOf = (candidates: readonly Candidate[]): TreeColumn[] =>
  candidates.flatMap(({ tree }) =>
    tree.type === 'category' && tree.count * ROWS_PER_CODE > tree.codes.length ? [] : [tree],
  );

export interface FoundLeaks {
  readonly leaks: readonly Leak[];
  /** The column that carries the label nearly alone, without telling it. */
  carrying(): Carrying | undefined;
  /** The mean share that trees of some columns give to a class in some rows, of those that they were not grown on; NaN for numbers. */
  expected(columns: readonly string[], label: number, isCounted: (row: number) => boolean): number;
}

/** A column whose trees predict a label about as well as those of all columns. */
export interface Carrying {
  readonly column: string;
  /** What the scores are: the AUC of two classes, the mean recall of more, R² of a number. */
  readonly measure: 'AUC' | 'mean recall' | 'R²';
  readonly alone: number;
  /** The score of all other columns. */
  readonly without: number;
}

/** Above this score of 1 for a perfect prediction and 0 for none, a column is asked about: an AUC of .95, or an R² of .8. */
const HIGH = { classes: 0.9, number: 0.8 };
/** Alone it has this share of the score of all columns, and all others have at most so much of its own. */
const [NEARLY_ALL, MUCH_LESS] = [0.95, 0.8];
/** The columns with the best scores of their first rows. */
const TRIED = 3;

function carrying(candidates: readonly Candidate[], { type, target, power }: LabelJudge): Carrying | undefined {
  const classes = new Set(target).size;
  const scaled = (score: number) => (type === 'number' ? score : (score - 1 / classes) / (1 - 1 / classes));
  const [best] = candidates
    .slice(0, TRIED)
    .map((candidate) => ({ candidate, alone: power([candidate.tree]) }))
    .sort((a, b) => b.alone - a.alone);
  if (!best || candidates.length < 2 || scaled(best.alone) < HIGH[type]) return undefined;
  const others = treesOf(candidates.filter((each) => each !== best.candidate)).slice(0, PAIRED);
  const [all, without] = [power([best.candidate.tree, ...others]), power(others)];
  if (scaled(best.alone) < NEARLY_ALL * scaled(all) || scaled(without) > MUCH_LESS * scaled(best.alone))
    return undefined;
  const measure = type === 'number' ? 'R²' : classes === 2 ? 'AUC' : 'mean recall';
  return { column: best.candidate.name, measure, alone: best.alone, without };
}

/** Rows from all of the table, of each class in turn, or with and without the most frequent number. None with too few others. */
function judgedRows({ type, values }: LabelValues, most: number): number[] {
  const usual = type === 'number' ? mostFrequent(evenly(values, COUNTED)) : undefined;
  const labeled = Array.from(values, (_, row) => row).filter((row) => !Number.isNaN(values[row]));
  const byGroup = groupBy(labeled, (row) => (usual === undefined ? values[row]! : Number(values[row] === usual)));
  const isEnough = (rows: readonly number[] | undefined) => rows !== undefined && rows.length >= LEAST;
  const frequent = [...byGroup.values()].filter(isEnough).sort((a, b) => b.length - a.length);
  const groups = type === 'number' ? [...byGroup.values()] : frequent.slice(0, MOST_CLASSES);
  if (groups.length < 2 || (type === 'number' && !isEnough(byGroup.get(0)))) return [];
  const each = Math.max(LEAST, Math.floor(most / groups.length));
  const draw = drawsOf(0);
  const dealt = groups.flatMap((rows) =>
    evenly(rows, each)
      .map((row) => ({ row, key: draw() }))
      .sort((a, b) => a.key - b.key)
      .map(({ row }, i) => ({ row, i })),
  );
  return dealt.sort((a, b) => a.i - b.i).map(({ row }) => row);
}

/** At most so many of some items, from all places. */
const evenly = <T>(items: ArrayLike<T>, most: number): T[] =>
  Array.from(
    { length: Math.min(items.length, most) },
    (_, i) => items[Math.floor(i * Math.max(1, items.length / most))]!,
  );

function treeColumn(column: LeakColumn, target: Float64Array, type: LabelValues['type']): TreeColumn {
  if ('numbers' in column) return { type: 'ordered', ...codesOfNumbers(column.numbers, target, type) };
  const { texts, separator } = column;
  const codeOf = new Map<string | null, number>();
  const coded = (text: string | null) => {
    if (!codeOf.has(text)) codeOf.set(text, codeOf.size);
    return codeOf.get(text)!;
  };
  if (separator === undefined) return { type: 'category', codes: Int32Array.from(texts, coded), count: codeOf.size };
  const lists = texts.map((text) => [...new Set(text?.split(separator))].map(coded));
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, row) => (offsets[row + 1] = offsets[row]! + list.length));
  return { type: 'list', codes: Int32Array.from(lists.flat()), offsets, count: codeOf.size };
}

/** The codes of numbers in their order, missing ones first: quantiles, or for classes one code for neighbors whose rows are all of one class. */
function codesOfNumbers(numbers: Float64Array, target: Float64Array, type: LabelValues['type']) {
  const keys = numbers.map((value) => (Number.isNaN(value) ? -Infinity : value));
  const labelOf = new Map<number, number>(); // NaN where rows of a number have several
  keys.forEach((key, row) => labelOf.set(key, (labelOf.get(key) ?? target[row]) === target[row] ? target[row]! : NaN));
  const codeOf = new Map<number, number>();
  let [code, last] = [-1, NaN];
  Float64Array.from(labelOf.keys())
    .sort()
    .forEach((key, i) => {
      const label = labelOf.get(key)!;
      if (type === 'number') code = Math.floor((QUANTILES * i) / labelOf.size);
      else if (label !== last) code++;
      codeOf.set(key, code);
      last = label;
    });
  return { codes: Int32Array.from(keys, (key) => codeOf.get(key)!), count: code + 1 };
}

import { drawsOf } from './draws.ts';

/** A column as a tree splits it: by a threshold among ordered codes, by a set of codes, or by whether a row has a code. */
export interface TreeColumn {
  readonly type: 'ordered' | 'category' | 'list';
  /** [rows] The codes of each row, from 0 on: one, or those of a list. */
  readonly codes: readonly (readonly number[])[];
}

const FOLDS = 5;
/** Deep enough for a label of 20 classes that an uneven split peels off. */
const DEPTH = 8;
/** A leaf has at least so many rows: fewer are alike by chance. */
const LEAF = 5;
/** After a first fold with fewer rows right than this, the others aren't worth their time. */
const PROMISING = 0.9;

/**
 * Predicts rows by decision trees that were grown on the other folds: greedy, by squared error (for classes that is Gini impurity).
 * A pair of columns is split by their combined codes, too.
 *
 * @param targets [rows][width] one number, or 1 for the row's class and 0 for the others
 * @param score judges predictions [rows][width] of some rows, from 0 to 1
 * @returns the score of all rows; that of the first fold, if it is below 0.9
 */
export function heldOutScore(
  columns: readonly TreeColumn[],
  targets: readonly Float64Array[],
  score: (rows: readonly number[], predictions: readonly Float64Array[]) => number,
): number {
  const draw = drawsOf(0);
  const folds = targets.map(() => Math.floor(draw() * FOLDS));
  const seen: number[] = [];
  const predictions: Float64Array[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const predict = grow(
      columns,
      targets,
      [...folds.keys()].filter((row) => folds[row] !== fold),
      DEPTH,
    );
    for (const row of folds.keys()) {
      if (folds[row] !== fold) continue;
      seen.push(row);
      predictions.push(predict(row));
    }
    const found = score(seen, predictions);
    if (fold === FOLDS - 1 || (fold === 0 && found < PROMISING)) return found;
  }
  return 0;
}

type Predict = (row: number) => Float64Array;

function grow(
  columns: readonly TreeColumn[],
  targets: readonly Float64Array[],
  rows: readonly number[],
  depth: number,
): Predict {
  const all = sumOf(targets, rows);
  const mean = all.sums.map((sum) => sum / all.count);
  const squares = rows.reduce((total, row) => total + targets[row]!.reduce((sum, value) => sum + value * value, 0), 0);
  const isPure = squares - squared(all) <= 1e-9 * squares;
  if (depth === 0 || rows.length < 2 * LEAF || isPure) return () => mean;
  const best = columns
    .map((column) => bestSplit(column, targets, rows, all))
    .reduce((a, b) => (b.gain > a.gain ? b : a));
  if (best.gain === -Infinity) return () => mean;
  const [left, right] = [rows.filter(best.isLeft), rows.filter((row) => !best.isLeft(row))];
  const [ofLeft, ofRight] = [left, right].map((some) => grow(columns, targets, some, depth - 1));
  return (row) => (best.isLeft(row) ? ofLeft!(row) : ofRight!(row));
}

/** The sums of the targets of some rows. */
interface Sums {
  count: number;
  readonly sums: Float64Array;
}

const none = (width: number): Sums => ({ count: 0, sums: new Float64Array(width) });

function add(to: Sums, count: number, sums: Float64Array): void {
  to.count += count;
  for (let k = 0; k < sums.length; k++) to.sums[k]! += sums[k]!;
}

function sumOf(targets: readonly Float64Array[], rows: readonly number[]): Sums {
  const all = none(targets[0]!.length);
  for (const row of rows) add(all, 1, targets[row]!);
  return all;
}

/** The part of the rows' squares that their mean explains. */
function squared({ count, sums }: Sums): number {
  let total = 0;
  for (let k = 0; k < sums.length; k++) total += sums[k]! * sums[k]!;
  return total / count;
}

/** As {@link squared}, of the rows without some of them. */
function squaredOthers(all: Sums, some: Sums): number {
  let total = 0;
  for (let k = 0; k < all.sums.length; k++) total += (all.sums[k]! - some.sums[k]!) ** 2;
  return total / (all.count - some.count);
}

interface Split {
  readonly gain: number;
  readonly isLeft: (row: number) => boolean;
}

function bestSplit(
  { type, codes }: TreeColumn,
  targets: readonly Float64Array[],
  rows: readonly number[],
  all: Sums,
): Split {
  const byCode = new Map<number, Sums>();
  for (const row of rows) {
    for (const code of codes[row]!) {
      let sums = byCode.get(code);
      if (!sums) byCode.set(code, (sums = none(all.sums.length)));
      add(sums, 1, targets[row]!);
    }
  }
  let [gain, best] = [-Infinity, -1];
  const left = none(all.sums.length);
  const order = type === 'ordered' ? [...byCode.keys()].sort((a, b) => a - b) : byTarget(byCode);
  order.forEach((code, i) => {
    const some = byCode.get(code)!;
    if (type !== 'list') add(left, some.count, some.sums);
    const part = type === 'list' ? some : left;
    if (Math.min(part.count, all.count - part.count) < LEAF) return;
    const found = squared(part) + squaredOthers(all, part);
    if (found > gain) [gain, best] = [found, i];
  });
  if (type === 'ordered') return { gain, isLeft: (row) => codes[row]![0]! <= order[best]! };
  const chosen = new Set(type === 'list' ? order.slice(best, best + 1) : order.slice(0, best + 1));
  return { gain, isLeft: (row) => codes[row]!.some((code) => chosen.has(code)) };
}

/** Codes by their mean, of classes by the most frequent one and its share: of two classes or numbers, one of these splits is the best. */
function byTarget(byCode: ReadonlyMap<number, Sums>): number[] {
  const places = [...byCode].map(([code, { count, sums }]) => {
    const top = sums.length === 1 ? 0 : sums.indexOf(Math.max(...sums));
    const share = sums[top]! / count;
    return { code, top, share: top === 0 ? share : -share };
  });
  return places.sort((a, b) => a.top - b.top || b.share - a.share).map(({ code }) => code);
}

/** A column as a tree splits it: by a threshold among ordered codes, by a set of codes, or by whether a list has a code. */
export interface TreeColumn {
  readonly type: 'ordered' | 'category' | 'list';
  /** The codes of row r are `codes[offsets[r]]` up to `codes[offsets[r + 1] − 1]`. Without offsets, each row has one. */
  readonly codes: Int32Array;
  readonly offsets?: Uint32Array;
  /** How many different codes there may be. */
  readonly count: number;
}

/** Row r has `values[r]` in place `places[r]`, and 0 in the others: 1 in the place of its class, or a number in the only place. */
export interface TreeTarget {
  readonly width: number;
  readonly places: Int32Array;
  readonly values: Float64Array;
}

/** Scores the predictions [rows][width] of some rows. */
export type PredictionScore = (rows: readonly number[], predictions: readonly Float64Array[]) => number;

export const FOLDS = 5;
/** Deep enough for the label of 20 classes, of which each split may part one from the others. */
const DEPTH = 8;
/** A leaf has at least so many rows: fewer are alike by chance. */
const LEAF = 5;

/** Scores decision trees on rows that they were not grown on. They are grown greedily by squared error, the Gini impurity for classes. */
export function heldOutScore(
  columns: readonly TreeColumn[],
  target: TreeTarget,
  size: number,
  folds: number,
  score: PredictionScore,
): number {
  const rows = Array.from({ length: size }, (_, row) => row);
  const own = new Int32Array(target.width);
  const foldOf = rows.map((row) => own[target.places[row]!]!++ % FOLDS);
  const summing = columns.map((column): Summed => {
    return { ...column, counts: new Int32Array(column.count), sums: new Float64Array(column.count * target.width) };
  });
  const seen = rows.filter((row) => foldOf[row]! < folds);
  const predicts = Array.from({ length: folds }, (_, fold) => {
    const others = rows.filter((row) => foldOf[row] !== fold);
    return grow(summing, target, others, DEPTH);
  });
  const predictions = seen.map((row) => predicts[foldOf[row]!]!(row));
  return score(seen, predictions);
}

/** A column with places to add up its codes: zeros between two uses. */
interface Summed extends TreeColumn {
  /** [count] */
  readonly counts: Int32Array;
  /** [count × width] */
  readonly sums: Float64Array;
}

type Predict = (row: number) => Float64Array;

function grow(columns: readonly Summed[], target: TreeTarget, rows: readonly number[], depth: number): Predict {
  const sums = new Float64Array(target.width);
  let squares = 0;
  for (const row of rows) {
    sums[target.places[row]!]! += target.values[row]!;
    squares += target.values[row]! ** 2;
  }
  const mean = sums.map((sum) => sum / rows.length);
  const isPure = squares - squared(sums, rows.length) <= 1e-9 * squares;
  if (depth === 0 || rows.length < 2 * LEAF || isPure) return () => mean;
  const best = columns
    .map((column) => bestSplit(column, target, rows, sums))
    .reduce((a, b) => (b.gain > a.gain ? b : a));
  if (best.gain === -Infinity) return () => mean;
  const [left, right] = [rows.filter(best.isLeft), rows.filter((row) => !best.isLeft(row))];
  const [ofLeft, ofRight] = [left, right].map((some) => grow(columns, target, some, depth - 1));
  return (row) => (best.isLeft(row) ? ofLeft!(row) : ofRight!(row));
}

/** The part of the squares of `count` rows that their mean explains. */
function squared(sums: Float64Array, count: number): number {
  let total = 0;
  for (let k = 0; k < sums.length; k++) total += sums[k]! * sums[k]!;
  return total / count;
}

interface Split {
  readonly gain: number;
  readonly isLeft: (row: number) => boolean;
}

function bestSplit(column: Summed, target: TreeTarget, rows: readonly number[], all: Float64Array): Split {
  const { type, codes, offsets, counts, sums } = column;
  const present = addUp(column, target, rows);
  const order = type === 'ordered' ? present.sort() : byTarget(present, counts, sums);
  const [left, right] = [new Float64Array(all.length), new Float64Array(all.length)];
  let [gain, best, before] = [-Infinity, -1, 0];
  const isAlone = type === 'list';
  order.forEach((code, i) => {
    const own = sums.subarray(code * all.length, (code + 1) * all.length);
    for (let k = 0; k < all.length; k++) {
      left[k] = (isAlone ? 0 : left[k]!) + own[k]!;
      right[k] = all[k]! - left[k]!;
    }
    before = (isAlone ? 0 : before) + counts[code]!;
    if (Math.min(before, rows.length - before) < LEAF) return;
    const found = squared(left, before) + squared(right, rows.length - before);
    if (found > gain) [gain, best] = [found, i];
  });
  for (const code of order) {
    counts[code] = 0;
    sums.fill(0, code * all.length, (code + 1) * all.length);
  }
  const limit = order[best]!;
  if (type === 'ordered') return { gain, isLeft: (row) => codes[row]! <= limit };
  if (type === 'list') {
    return { gain, isLeft: (row) => codes.subarray(offsets![row], offsets![row + 1]).includes(limit) };
  }
  const chosen = new Set(order.slice(0, best + 1));
  return { gain, isLeft: (row) => chosen.has(codes[row]!) };
}

/** Adds up the rows and the targets of each code. @returns the codes that the rows have */
function addUp({ codes, offsets, counts, sums }: Summed, target: TreeTarget, rows: readonly number[]): Int32Array {
  const { places, values, width } = target;
  const present: number[] = [];
  for (const row of rows) {
    const [from, to] = offsets ? [offsets[row]!, offsets[row + 1]!] : [row, row + 1];
    for (let at = from; at < to; at++) {
      const code = codes[at]!;
      if (counts[code]!++ === 0) present.push(code);
      sums[code * width + places[row]!]! += values[row]!;
    }
  }
  return Int32Array.from(present);
}

/** Codes by their mean, or by the most frequent class and its share. One of their splits is the best for numbers and two classes. */
function byTarget(codes: Int32Array, counts: Int32Array, sums: Float64Array): Int32Array {
  const width = sums.length / counts.length;
  const keys = new Map<number, number>();
  for (const code of codes) {
    const own = sums.subarray(code * width, (code + 1) * width);
    const top = width === 1 ? 0 : own.indexOf(Math.max(...own));
    const share = own[top]! / counts[code]!;
    keys.set(code, width === 1 ? share : top === 0 ? -share : 2 * top + share);
  }
  return codes.sort((a, b) => keys.get(a)! - keys.get(b)!);
}

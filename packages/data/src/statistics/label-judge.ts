import { mean, sum } from '@polytask/components';
import { signedLog } from '@polytask/core';
import { FOLDS, heldOutScore, type PredictionScore, type TreeColumn, type TreeTarget } from './held-out-tree.ts';
import type { LabelValues } from './label-values.ts';

/** The weights by which centered columns [columns][rows] are nearest to a centered target. A ridge of 1e-9 keeps equal columns solvable. */
export function leastSquares(columns: readonly Float64Array[], target: Float64Array): Float64Array {
  const normal = columns.map((a) => Float64Array.from(columns, (b) => dot(a, b)));
  normal.forEach((row, i) => (row[i]! *= 1 + 1e-9));
  const right = Float64Array.from(columns, (column) => dot(column, target));
  return solve(normal, right);
}

const dot = (a: Float64Array, b: Float64Array): number => sum(a, (value, i) => value * b[i]!);

/** Solves a symmetric positive definite system by its Cholesky factor. Overwrites both arguments. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let i = 0; i < size; i++) {
    const row = matrix[i]!;
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * matrix[j]![k]!;
      row[j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / matrix[j]![j]!;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) right[i]! -= matrix[i]![k]! * right[k]!;
    right[i]! /= matrix[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) right[i]! -= matrix[k]![i]! * right[k]!;
    right[i]! /= matrix[i]![i]!;
  }
  return right;
}

/** A column with this score tells the label. */
export const TELLING = 0.999;
/** Classes with fewer rows are not judged. */
export const LEAST = 20;

export type Score = (values: Float64Array, target: Float64Array) => number;

export interface LabelJudge {
  readonly type: LabelValues['type'];
  /** [rows] */
  readonly target: Float64Array;
  readonly numbers: Score;
  readonly trees: (columns: readonly TreeColumn[]) => number;
  /** How well trees predict all rows: the AUC of two classes, the mean recall of more, or the squared correlation with a number. */
  readonly power: (columns: readonly TreeColumn[]) => number;
  /** The mean share that trees give to a class in some rows, of those that they were not grown on; NaN for numbers. */
  readonly expected: (columns: readonly TreeColumn[], label: number, isCounted: (row: number) => boolean) => number;
}

/** Columns that score little on the first rows are not tried on all. */
const FIRST = 500;
const PROMISING = 0.8;
const PROMISING_AUC = 0.98;

/** @param target [rows], without missing labels: the first 500 rows have as many of each class as possible */
export const labelJudge = (type: LabelValues['type'], target: Float64Array): LabelJudge =>
  type === 'number' ? judgeOfNumbers(target) : judgeOfClasses(target);

function judgeOfNumbers(target: Float64Array): LabelJudge {
  const center = median(target);
  const scale = median(target.map((label) => Math.abs(label - center)).filter((distance) => distance > 0));
  const logOf = (value: number) => signedLog((value - center) / scale);
  const logs = target.map(logOf);
  const tree: TreeTarget = { width: 1, places: new Int32Array(logs.length), values: centered(logs) };
  const score: PredictionScore = (rows, predictions) => {
    const predicted = Float64Array.from(predictions, ([value]) => value!);
    const own = Float64Array.from(rows, (row) => logs[row]!);
    return correlation(predicted, own);
  };
  return {
    type: 'number',
    target,
    numbers: ofPresent((values, labels) => {
      const score = correlation(values, labels);
      if (score < TELLING) return score;
      const [own] = leastSquares([centered(values)], centered(labels));
      const shift = mean(labels) - own! * mean(values);
      const fitted = values.map((value) => logOf(own! * value + shift));
      return Math.min(score, correlation(fitted, labels.map(logOf)));
    }),
    trees: (columns) => treeScore(columns, tree, score, score),
    power: (columns) => heldOutScore(columns, tree, logs.length, FOLDS, score) ** 2,
    expected: () => NaN,
  };
}

function judgeOfClasses(target: Float64Array): LabelJudge {
  const classes = [...new Set(target)].sort((a, b) => a - b);
  const width = classes.length;
  const places = Int32Array.from(target, (label) => classes.indexOf(label));
  const tree: TreeTarget = { width, places, values: new Float64Array(target.length).fill(1) };
  const recalls = (rows: readonly number[], predictions: readonly Float64Array[]): number[] => {
    const [right, all] = [classes.map(() => 0), classes.map(() => 0)];
    rows.forEach((row, i) => {
      all[places[row]!]!++;
      if (predictions[i]!.indexOf(Math.max(...predictions[i]!)) === places[row]) right[places[row]!]!++;
    });
    return right.map((count, place) => (all[place] === 0 ? 1 : count / all[place]!));
  };
  return {
    type: 'classes',
    target,
    numbers: ofPresent((own, labels) => {
      if (width > 2) return 0;
      const yes = Array.from(labels, (label) => Number(label === classes[1]));
      const positives = sum(yes);
      if (Math.min(positives, yes.length - positives) < LEAST) return 0;
      const first = separation(own.subarray(0, FIRST), yes.slice(0, FIRST));
      return first < PROMISING_AUC ? first : separation(own, yes);
    }),
    trees: (columns) =>
      treeScore(
        columns,
        tree,
        (...given) => mean(recalls(...given)),
        (...given) => Math.min(...recalls(...given)),
      ),
    power: (columns) =>
      heldOutScore(columns, tree, target.length, FOLDS, (rows, predictions) => {
        if (width > 2) return mean(recalls(rows, predictions));
        const shares = Float64Array.from(predictions, ([, share]) => share!);
        const labels = rows.map((row) => places[row]!);
        return separation(shares, labels);
      }),
    expected: (columns, label, isCounted) =>
      heldOutScore(columns, tree, target.length, FOLDS, (rows, predictions) =>
        mean(predictions.filter((_, i) => isCounted(rows[i]!)).map((shares) => shares[classes.indexOf(label)]!)),
      ),
  };
}

/** The score of the first rows, or that of all rows where the first ones promise much. */
function treeScore(
  columns: readonly TreeColumn[],
  target: TreeTarget,
  ofFirst: PredictionScore,
  ofAll: PredictionScore,
): number {
  const size = target.values.length;
  const first = heldOutScore(columns, target, Math.min(FIRST, size), 1, ofFirst);
  return first < PROMISING ? first : heldOutScore(columns, target, size, FOLDS, ofAll);
}

/** Applies a score to the rows with a value; 0 with too few. */
const ofPresent =
  (score: Score): Score =>
  (values, target) => {
    if (values.every(Number.isFinite)) return score(values, target);
    const isPresent = (_: number, row: number) => Number.isFinite(values[row]);
    const present = target.filter(isPresent);
    if (present.length < target.length / 2 || present.length < 2 * LEAST) return 0;
    return score(values.filter(isPresent), present);
  };

const median = (values: Float64Array): number => values.slice().sort()[Math.floor(values.length / 2)] ?? 0;

export function centered(values: Float64Array): Float64Array {
  const center = mean(values);
  return values.map((value) => value - center);
}

/** The AUC, or 1 − AUC where that is larger. Labels are 0 or 1; ties count half. */
function separation(values: Float64Array, labels: readonly number[]): number {
  const valuesOf = (label: number) => values.filter((_, row) => labels[row] === label).sort();
  const [no, yes] = [valuesOf(0), valuesOf(1)];
  let [below, upTo, wins] = [0, 0, 0]; // how many of `no` are less than a value of `yes`, and at most as large
  for (const value of yes) {
    while (below < no.length && no[below]! < value) below++;
    upTo = Math.max(upTo, below);
    while (upTo < no.length && no[upTo] === value) upTo++;
    wins += (below + upTo) / 2;
  }
  const auc = wins / (yes.length * no.length);
  return Math.max(auc, 1 - auc);
}

/** |Pearson's correlation|; 0 where one of the two is constant. */
function correlation(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    xy += (value - mx) * (y[i]! - my);
    xx += (value - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  });
  return xx === 0 || yy === 0 ? 0 : Math.abs(xy) / Math.sqrt(xx * yy);
}

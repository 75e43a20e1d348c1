import { signedLog } from '@polytask/core/internal';
import { correlation, separation } from './association.ts';
import { heldOutScore, type TreeColumn } from './held-out-tree.ts';
import { leastSquares } from './least-squares.ts';

/** A column with this score tells the label. */
export const TELLING = 0.999;
/** Classes with fewer rows are not judged. */
export const LEAST = 20;

/** What a task says about its rows. */
export interface LeakLabel {
  /** Numbers, or the codes of classes from 0 on. */
  readonly type: 'number' | 'classes';
  /** [rows], NaN where missing */
  readonly values: ArrayLike<number>;
}

/** Scores numbers for their labels, from 0 to 1. */
export type Score = (values: Float64Array, target: Float64Array) => number;

/** Scores columns of some rows for their labels. */
export interface LabelJudge {
  readonly type: LeakLabel['type'];
  /** [rows] */
  readonly target: Float64Array;
  readonly numbers: Score;
  readonly trees: (columns: readonly TreeColumn[]) => number;
}

/** @param target [rows], without missing labels */
export const labelJudge = (type: LeakLabel['type'], target: Float64Array): LabelJudge =>
  type === 'number' ? judgeOfNumbers(target) : judgeOfClasses(target);

function judgeOfNumbers(target: Float64Array): LabelJudge {
  const center = median(target);
  const scale = median(target.map((label) => Math.abs(label - center)).filter((distance) => distance > 0));
  const logOf = (value: number) => signedLog((value - center) / scale);
  const logs = target.map(logOf);
  const targets = Array.from(centered(logs), (value) => Float64Array.of(value));
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
    trees: (columns) =>
      heldOutScore(columns, targets, (rows, predictions) =>
        correlation(
          Float64Array.from(predictions, ([value]) => value!),
          Float64Array.from(rows, (row) => logs[row]!),
        ),
      ),
  };
}

function judgeOfClasses(target: Float64Array): LabelJudge {
  const classes = [...new Set(target)].sort((a, b) => a - b);
  const codes = Array.from(target, (label) => classes.indexOf(label));
  const targets = codes.map((code) => Float64Array.from(classes, (_, k) => Number(k === code)));
  return {
    type: 'classes',
    target,
    numbers: ofPresent((values, labels) => {
      const own = Array.from(labels, (label) => classes.indexOf(label));
      const positives = own.reduce((total, code) => total + code, 0);
      return classes.length > 2 || Math.min(positives, own.length - positives) < LEAST ? 0 : separation(values, own);
    }),
    trees: (columns) =>
      heldOutScore(columns, targets, (rows, predictions) => {
        const [right, all] = [classes.map(() => 0), classes.map(() => 0)];
        rows.forEach((row, i) => {
          const [code, shares] = [codes[row]!, predictions[i]!];
          all[code]!++;
          if (shares.indexOf(Math.max(...shares)) === code) right[code]!++;
        });
        return Math.min(...right.map((count, code) => (all[code] === 0 ? 1 : count / all[code]!)));
      }),
  };
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

export const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

export function centered(values: Float64Array): Float64Array {
  const center = mean(values);
  return values.map((value) => value - center);
}

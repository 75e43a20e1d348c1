import { countsOf, ranked } from '@polytask/components';

/** What a label says about its rows. */
export interface LabelValues {
  /** Numbers, or the codes of classes from 0 on. */
  readonly type: 'number' | 'classes';
  /** [rows], NaN where missing */
  readonly values: ArrayLike<number>;
}

/** One thing that a label says. */
export interface LabelPart extends Pick<LabelValues, 'type'> {
  /** In messages. */
  readonly what: string;
  /** @param y the label as a number: 0 or 1, the index of a class, a bit mask of labels, a time (negative without the event), a number */
  readonly valueOf: (y: number) => number;
}

/** Of more classes, the most frequent ones are columns. */
const MOST_CLASSES = 8;

/** A label as columns for least squares: 0 or 1 for each class, and ranks of numbers, so that a few large ones don't decide. NaN where missing. */
export function labelColumns({ type, values }: LabelValues): Float64Array[] {
  const labels = Float64Array.from(values);
  if (type === 'number') return [ranksOf(labels)];
  const sorted = ranked(countsOf(labels)).map(([code]) => code);
  const classes = sorted.length <= 2 ? sorted.slice(1) : sorted.slice(0, MOST_CLASSES);
  return classes.map((code) => labels.map((y) => (Number.isNaN(y) ? NaN : Number(y === code))));
}

/** The mean rank of each number among equal ones. */
function ranksOf(numbers: Float64Array): Float64Array {
  const ranks = new Map<number, number>();
  let below = 0;
  for (const [x, count] of countsOf(numbers.toSorted())) {
    ranks.set(x, below + (count - 1) / 2);
    below += count;
  }
  return numbers.map((x) => ranks.get(x) ?? NaN);
}

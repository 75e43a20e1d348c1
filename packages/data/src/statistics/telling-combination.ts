import { signedLog } from '@polytask/core/internal';
import { drawsOf } from './draws.ts';
import { correlation, separation } from './association.ts';
import { leastSquares } from './least-squares.ts';

/** A combination with this score gives the label away. */
const TELLING = 0.999;
/** And it leaves at most this part of what its best column alone leaves open. */
const BETTER = 0.1;
/** Labels with fewer rows besides those of the most frequent label are not judged. */
const LEAST = 20;
/** The rows with the most frequent label to look at, and as many others. */
const ROWS = 2000;
/** The most frequent label is that of so many rows. */
const COUNTED = 10_000;
/** Of more columns, those nearest to the label are combined. */
const MOST_SUMMED = 100;
const MOST_PAIRED = 30;
/** A sum of fewer rows per column may fit by chance. */
const ROWS_PER_COLUMN = 10;
/** A weight that is so near to 1 counts as 1. */
const NEARLY = 1e-3;

/** A column of numbers, NaN where missing. */
interface NumberColumn {
  readonly name: string;
  /** [rows] */
  readonly values: ArrayLike<number>;
}

/** Columns that together tell a label. */
export interface Combination {
  readonly columns: readonly string[];
  /** Such as "their sum". */
  readonly how: string;
  /** From 0 to 1. */
  readonly score: number;
}

/**
 * Finds columns that together tell a label. For numbers, it tries the sum, difference, product and ratio of two columns, and weighted
 * sums of more. For yes and no, it tries the sum and difference of two. Columns that alone tell the label are passed over.
 *
 * The score of numbers is the correlation with the label, or that of the logarithms of their distances from the median where it is less:
 * one large value alone makes no score. The score of yes and no is the AUC.
 *
 * @param labels [rows], 0 or 1 for yes and no; NaN where missing
 * @example
 * tellingCombination([{ name: 'a', values }, { name: 'b', values: others }], sums, false);
 * // { columns: ['a', 'b'], how: 'their sum', score: 1 }
 */
export function tellingCombination(
  columns: readonly NumberColumn[],
  labels: ArrayLike<number>,
  isBinary: boolean,
): Combination | undefined {
  const rows = judgedRows(labels);
  if (rows.length === 0) return undefined;
  const target = Float64Array.from(rows, (row) => labels[row]!);
  const scoreOf = isBinary ? binaryScore : numberScorer(target);
  const candidates = columns
    .map(({ name, values }): Candidate => {
      const own = Float64Array.from(rows, (row) => values[row]!);
      return { name, values: own, score: scoreOf(own, target) };
    })
    .filter(({ score }) => score > 0 && score < TELLING)
    .sort((a, b) => b.score - a.score);
  const few = candidates.slice(0, MOST_PAIRED);
  if (isBinary) return bestPair(few, target, scoreOf, { sum, difference });
  const most = Math.min(MOST_SUMMED, Math.floor(rows.length / ROWS_PER_COLUMN));
  return (
    bestPair(few, target, scoreOf, { sum, difference, product, ratio }) ??
    weightedSum(candidates.slice(0, most), target, scoreOf)
  );
}

/** Rows from all of the table: at most 2000 with the most frequent label, and 2000 others. None without enough others. */
function judgedRows(labels: ArrayLike<number>): number[] {
  const usual = usualLabel(labels);
  const isUsual = (row: number) => labels[row] === usual;
  let [usuals, others] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (isUsual(row)) usuals++;
    else if (!Number.isNaN(labels[row])) others++;
  }
  if (others < LEAST) return [];
  const [takesUsual, takesOther] = [everySo(usuals, ROWS), everySo(others, ROWS)];
  const rows: number[] = [];
  for (let row = 0; row < labels.length; row++) {
    if (!Number.isNaN(labels[row]) && (isUsual(row) ? takesUsual() : takesOther())) rows.push(row);
  }
  return rows;
}

/** The most frequent label of some rows. */
function usualLabel(labels: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  const takes = everySo(labels.length, COUNTED);
  for (let row = 0; row < labels.length; row++) {
    if (takes() && !Number.isNaN(labels[row])) counts.set(labels[row]!, (counts.get(labels[row]!) ?? 0) + 1);
  }
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [NaN, 0])[0];
}

/** Says for each of `size` items whether to take it, so that at most `most` are taken, evenly. */
function everySo(size: number, most: number): () => boolean {
  const taken = Math.min(size, most);
  let item = 0;
  return () => Math.floor((++item * taken) / size) > Math.floor(((item - 1) * taken) / size);
}

type Score = (values: Float64Array, target: Float64Array) => number;

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

function numberScorer(labels: Float64Array): Score {
  const center = median(labels);
  const scale = median(labels.map((label) => Math.abs(label - center)).filter((distance) => distance > 0));
  const logOf = (value: number) => signedLog((value - center) / scale);
  return ofPresent((values, target) => {
    const score = correlation(values, target);
    if (score < TELLING) return score;
    const [own] = leastSquares([centered(values)], centered(target));
    const shift = mean(target) - own! * mean(values);
    return Math.min(
      score,
      correlation(
        values.map((value) => logOf(own! * value + shift)),
        target.map(logOf),
      ),
    );
  });
}

const binaryScore = ofPresent((values, target) => {
  const positives = target.reduce((total, label) => total + label, 0);
  return Math.min(positives, target.length - positives) < LEAST ? 0 : separation(values, [...target]);
});

interface Candidate {
  readonly name: string;
  readonly values: Float64Array;
  /** That of the column alone. */
  readonly score: number;
}

/** Whether a combination tells the label, and much better than its columns alone. */
const tells = (score: number, columns: readonly Candidate[]): boolean =>
  score >= TELLING && 1 - score <= BETTER * (1 - Math.max(...columns.map((column) => column.score)));

type Combine = (a: number, b: number) => number;
const sum: Combine = (a, b) => a + b;
const difference: Combine = (a, b) => a - b;
const product: Combine = (a, b) => a * b;
const ratio: Combine = (a, b) => a / b;

/** The pair with the highest score, if it tells the label. */
function bestPair(
  candidates: readonly Candidate[],
  target: Float64Array,
  scoreOf: Score,
  ways: Readonly<Record<string, Combine>>,
): Combination | undefined {
  let found: Combination | undefined;
  candidates.forEach((a, i) =>
    candidates.forEach((b, j) => {
      for (const [how, combine] of Object.entries(ways)) {
        if (i === j || (i > j && combine !== ratio)) continue;
        const values = a.values.map((value, row) => combine(value, b.values[row]!));
        const score = scoreOf(values, target);
        if (tells(score, [a, b]) && score > (found?.score ?? 0))
          found = { columns: [a.name, b.name], how: `their ${how}`, score };
      }
    }),
  );
  return found;
}

/** The fewest columns whose weighted sum tells the label. */
function weightedSum(candidates: readonly Candidate[], target: Float64Array, scoreOf: Score): Combination | undefined {
  if (candidates.length < 2) return undefined;
  const columns = candidates.map((each) => ({ ...each, values: each.values.map((value) => value || 0) })); // NaN is 0
  const all = fittedSum(columns, target, scoreOf);
  if (!tells(all.score, columns)) return undefined;
  const order = columns
    .map((column, c) => ({ ...column, weight: Math.abs(all.weights[c]!) * deviation(column.values) }))
    .sort((a, b) => b.weight - a.weight);
  for (let count = 2; count <= order.length; count++) {
    const chosen = order.slice(0, count);
    const { score, weights } = fittedSum(chosen, target, scoreOf);
    if (!tells(score, chosen)) continue;
    const isPlain = weights.every((weight) => Math.abs(weight - 1) < NEARLY);
    return { columns: chosen.map(({ name }) => name), how: isPlain ? 'their sum' : 'a weighted sum of theirs', score };
  }
  return undefined;
}

/** Fits the weights to half of the rows, at random, and scores their sum on the others. */
function fittedSum(
  columns: readonly Candidate[],
  target: Float64Array,
  scoreOf: Score,
): { readonly weights: readonly number[]; readonly score: number } {
  const draw = drawsOf(0);
  const halves = Uint8Array.from(target, () => Number(draw() < 0.5));
  const isFitted = (_: number, row: number) => halves[row] === 0;
  const isJudged = (_: number, row: number) => halves[row] === 1;
  const fitted = columns.map(({ values }) => values.filter(isFitted));
  const scales = fitted.map((values) => deviation(values) || 1);
  const scaled = fitted.map((values, c) => centered(values).map((value) => value / scales[c]!));
  const weights = [...leastSquares(scaled, centered(target.filter(isFitted)))].map((weight, c) => weight / scales[c]!);
  const sums = target.map((_, row) => columns.reduce((total, { values }, c) => total + weights[c]! * values[row]!, 0));
  return { weights, score: scoreOf(sums.filter(isJudged), target.filter(isJudged)) };
}

const median = (values: Float64Array): number => values.slice().sort()[Math.floor(values.length / 2)] ?? 0;

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

const deviation = (values: Float64Array): number => Math.sqrt(mean(centered(values).map((value) => value * value)));

function centered(values: Float64Array): Float64Array {
  const center = mean(values);
  return values.map((value) => value - center);
}

import { mean, sum } from '@polytask/components';
import { drawsOf } from './draws.ts';
import type { TreeColumn } from './held-out-tree.ts';
import { centered, TELLING, type LabelJudge, type Score, leastSquares } from './label-judge.ts';

/** A combination leaves at most this part of what its best column alone leaves open. */
const BETTER = 0.1;
/** Of more columns, those nearest to the label are summed. */
const MOST_SUMMED = 100;
/** A sum of fewer rows per column may fit by chance. */
const ROWS_PER_COLUMN = 10;
/** A weight that is so near to 1 counts as 1. */
const NEARLY = 1e-3;
/** The values of two columns are one value if there are so many rows for each. */
const ROWS_PER_VALUE = 4;

export interface Leak {
  readonly columns: readonly string[];
  readonly how: string;
  readonly score: number;
}

export interface Candidate {
  readonly name: string;
  /** [rows], NaN where missing; undefined for texts. */
  readonly numbers: Float64Array | undefined;
  readonly tree: TreeColumn;
  readonly score: number;
}

/** Finds columns that together tell a label: two by sum, difference, product, ratio or decision trees, and more by a weighted sum. */
export function tellingCombination(
  candidates: readonly Candidate[],
  { type, target, numbers: scoreOf, trees }: LabelJudge,
  most: number,
): Leak | undefined {
  const numbers = candidates.flatMap((each) => (each.numbers ? [{ ...each, values: each.numbers }] : []));
  const ways = Object.entries<Combine>(type === 'number' ? OF_NUMBERS : OF_CLASSES);
  const pair = bestPair(numbers.slice(0, most), (a, b, isSwapped) =>
    ways
      .filter(([, combine]) => !isSwapped || combine === ratio)
      .map(([how, combine]) => {
        const values = a.values.map((value, row) => combine(value, b.values[row]!));
        return [`their ${how}`, scoreOf(values, target)];
      }),
  );
  if (pair) return pair;
  const summed = Math.min(MOST_SUMMED, Math.floor(target.length / ROWS_PER_COLUMN));
  const together = type === 'number' ? weightedSum(numbers.slice(0, summed), target, scoreOf) : undefined;
  if (together) return together;
  return bestPair(candidates.slice(0, most), ({ tree: a }, { tree: b }, isSwapped) =>
    isSwapped ? [] : [['decision trees', trees([a, b, ...crossed(a, b)])]],
  );
}

type NumberColumn = Candidate & { readonly values: Float64Array };

/** Whether a combination tells the label, and much better than its columns alone. */
const tells = (score: number, columns: readonly Candidate[]): boolean =>
  score >= TELLING && 1 - score <= BETTER * (1 - Math.max(...columns.map((column) => column.score)));

type Combine = (a: number, b: number) => number;
const OF_CLASSES = { sum: (a, b) => a + b, difference: (a, b) => a - b } satisfies Record<string, Combine>;
const ratio: Combine = (a, b) => a / b;
const OF_NUMBERS = { ...OF_CLASSES, product: (a: number, b: number) => a * b, ratio };

/** The best of the pairs that tell the label. @param tried what is tried with two columns, in one order and in the other: its name and score */
function bestPair<C extends Candidate>(
  candidates: readonly C[],
  tried: (a: C, b: C, isSwapped: boolean) => readonly (readonly [how: string, score: number])[],
): Leak | undefined {
  let found: Leak | undefined;
  candidates.forEach((a, i) =>
    candidates.forEach((b, j) => {
      for (const [how, score] of i === j ? [] : tried(a, b, i > j))
        if (tells(score, [a, b]) && score > (found?.score ?? 0)) found = { columns: [a.name, b.name], how, score };
    }),
  );
  return found;
}

/** The values of two columns as one column; none of lists, or if most values would be rare. */
function crossed(a: TreeColumn, b: TreeColumn): TreeColumn[] {
  const count = a.count * b.count;
  if (a.offsets || b.offsets || count * ROWS_PER_VALUE > a.codes.length) return [];
  return [{ type: 'category', codes: a.codes.map((code, row) => code * b.count + b.codes[row]!), count }];
}

function weightedSum(candidates: readonly NumberColumn[], target: Float64Array, scoreOf: Score): Leak | undefined {
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
  columns: readonly NumberColumn[],
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
  const sums = target.map((_, row) => sum(columns, ({ values }, c) => weights[c]! * values[row]!));
  return { weights, score: scoreOf(sums.filter(isJudged), target.filter(isJudged)) };
}

const deviation = (values: Float64Array): number => Math.sqrt(mean(centered(values).map((value) => value * value)));

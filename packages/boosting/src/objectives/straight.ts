import type { RowLoss } from '@polytask/components';
import { lossJets } from '@polytask/components/arithmetic';
import type { Objective } from './objective.ts';

/** Where a loss is looked at, as distances from a label. */
const DISTANCES = [1e-3, 0.1, 1, 7, 1e3];
/** Labels of each kind of task: numbers, and classes. */
const LABELS = [0, 1];

/**
 * The slopes of a loss that is straight on both sides of the label, and the same for all labels, such as the absolute error; undefined for another.
 */
function slopesOf(loss: RowLoss): { readonly below: number; readonly above: number } | undefined {
  const slopes = [-1, 1].map((side) => {
    const labels = LABELS.flatMap((y) => DISTANCES.map(() => y));
    const scores = labels.map((y, i) => y + side * DISTANCES[i % DISTANCES.length]!);
    const { first, second } = lossJets(loss, [scores], labels, 0);
    return first.every((slope, i) => slope === first[0] && second[i] === 0) ? first[0]! : NaN;
  });
  const [below, above] = slopes as [number, number];
  return below < 0 && above > 0 ? { below, above } : undefined;
}

/** {@link Objective.bestStep} of a straight loss: the quantile of what the labels are above the scores, of which it is the pinball loss. */
export function bestStepOf(loss: RowLoss): Objective['bestStep'] {
  const slopes = slopesOf(loss);
  if (!slopes) return undefined;
  const level = -slopes.below / (slopes.above - slopes.below);
  return ({ labels, weights }, [scores], rows) => {
    const errors = Float64Array.from(rows, (row) => labels[row]! - scores![row]!);
    if (!weights) return quantile(errors.sort(), level, () => 1);
    const order = Uint32Array.from(rows.keys()).sort((a, b) => errors[a]! - errors[b]!);
    return quantile(
      Float64Array.from(order, (i) => errors[i]!),
      level,
      (i) => weights[rows[order[i]!]!]!,
    );
  };
}

/** The value with this share of the weight below it; the mean of two values if all between them have. @param values ascending */
function quantile(values: Float64Array, level: number, weightOf: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += weightOf(i);
  let [i, below] = [0, weightOf(0)];
  const wanted = level * total;
  while (i < values.length - 1 && below < wanted * (1 - 1e-12)) below += weightOf(++i);
  let next = i;
  if (below <= wanted * (1 + 1e-12)) while (next < values.length - 1 && (next === i || weightOf(next) === 0)) next++;
  return (values[i]! + values[next]!) / 2;
}

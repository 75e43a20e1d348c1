import { optional, readOptions, share, sum, type FromDescription, type Written } from '@polytask/components';
import type { BoostingRows } from './boost.ts';
import { boostingOptions } from './boosting-options.ts';
import { BinnedColumns } from './bins/binned-columns.ts';
import { BoostingModel, rawScores } from './model/boosting-model.ts';
import { checkLabels } from './objectives/check-labels.ts';
import { furtherStart, lossObjective, objectiveOf } from './objectives/objectives.ts';
import type { Tree } from './trees/tree.ts';

const refitOptions = {
  learningRate: boostingOptions.learningRate,
  lambdaL2: boostingOptions.lambdaL2,
  /** The loss of a model that was trained for one of its own. Others have theirs. */
  objective: optional(lossObjective),
  /** How much of its value each leaf keeps, from 0 to 1. The other part is the value that the rows would give it. */
  refitDecayRate: optional(share, 0.9),
};

/** Options of {@link refit}. The names are those of LightGBM, and so are the defaults. */
export interface RefitOptions extends BoostingRows, Written<typeof refitOptions>, FromDescription {}

/**
 * Fits the values of the leaves to further rows, and keeps the splits, as LightGBM's `refit`. In the order of the trees, a leaf gets
 * `refitDecayRate` of its value, and the other part of the value that these rows give it. A leaf without rows keeps its value.
 *
 * @param model stays as it is
 * @throws PolytaskError for an unknown option, or for columns, labels or weights that don't fit
 * @example
 * const model = boost({ objective: 'regression', columns: { x: [1, 2] }, labels: [0, 4], minDataInLeaf: 1, learningRate: 1 });
 * refit(model, { columns: { x: [1, 2] }, labels: [1, 9], learningRate: 1, refitDecayRate: 0 }).predict({ x: [1, 2] }); // Float64Array [ 1, 9 ]
 */
export function refit(model: BoostingModel, { columns, labels, weights, ...options }: RefitOptions): BoostingModel {
  const {
    learningRate,
    lambdaL2,
    refitDecayRate: kept,
    objective: given,
  } = readOptions(options, refitOptions, 'refit');
  const { parts } = model;
  const objective = objectiveOf(parts.saved, given);
  const { trees } = parts;
  const table = BinnedColumns.with(parts.bins, columns);
  checkLabels({ labels, weights }, table.rows, objective, parts.start.length);
  const before = furtherStart(objective, parts.start, { labels, weights });
  const fresh = objective.start({ labels, weights }, before.length);
  const start = before.map((value, k) => kept * value + (1 - kept) * fresh[k]!);
  const scores = rawScores({ start, trees: [] }, table);
  const [gradients, hessians] = [0, 1].map(() => start.map(() => new Float32Array(table.rows)));
  const refitted: Tree[] = [];
  trees.forEach((tree, t) => {
    const k = t % start.length;
    if (k === 0) objective.derive({ labels, weights }, scores, gradients!, hessians!);
    const places = { ...tree, value: Float64Array.from(tree.value.keys()) };
    const [leafOf] = rawScores({ start: [0], trees: [places] }, table) as [Float64Array];
    const rowsOf = Array.from(tree.value, (): number[] => []);
    leafOf.forEach((leaf, row) => rowsOf[leaf]!.push(row));
    const value = tree.value.map((old, leaf) => {
      const rows = Uint32Array.from(rowsOf[leaf]!);
      const hessian = sum(rows, (row) => hessians![k]![row]!);
      if (!(hessian > 0)) return old;
      const step =
        objective.bestStep?.({ labels, weights }, scores, rows) ??
        -sum(rows, (row) => gradients![k]![row]!) / (hessian + lambdaL2);
      return kept * old + (1 - kept) * learningRate * step;
    });
    leafOf.forEach((leaf, row) => (scores[k]![row]! += value[leaf]!));
    refitted.push({ ...tree, value });
  });
  return new BoostingModel({ ...parts, start, trees: refitted, validationLoss: undefined });
}

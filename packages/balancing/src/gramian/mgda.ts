import { overPresent } from '../algebra/present.ts';
import { simplexMinimum } from '../algebra/simplex-minimum.ts';
import { diagonal, mean, type Matrix } from '../algebra/solve.ts';
import { BalancingError, shown } from '../balancing-error.ts';
import { defineGramianBalancer, type GramianOptions } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import { checkNames } from '../options.ts';

export interface MgdaOptions extends GramianOptions {
  /**
   * `none` (default): the hull of the gradients. `norm`: that of the gradients at length 1, so that a long one doesn't rule
   * by its length alone; the result has the mean length.
   */
  normalize?: 'none' | 'norm';
}

const define = defineGramianBalancer<{ normalize: 'none' | 'norm' }, null>('mgda', {
  description: "the shortest vector of the gradients' hull",
  paper: 'Sener & Koltun, NeurIPS 2018',
  default: () => mgda(),
  start: () => null,
  weights: (_state, { normalize }, _moment, { gramian }) =>
    overPresent(
      gramian,
      normalize === 'none'
        ? nearest
        : (own) => {
            const norms = diagonal(own).map(Math.sqrt);
            const length = mean(norms);
            const units = own.map((row, i) => row.map((product, j) => product / (norms[i]! * norms[j]!)));
            return nearest(units).map((alpha, i) => (alpha * length) / norms[i]!);
          },
    ),
});

/** The point of the hull that is nearest to 0. */
function nearest(gramian: Matrix): number[] {
  if (gramian.length !== 2)
    return simplexMinimum(
      gramian,
      gramian.map(() => 0),
    );
  const [[a, ab], [, b]] = gramian as unknown as readonly [readonly [number, number], readonly [number, number]];
  const apart = a + b - 2 * ab;
  const first = apart > 0 ? Math.min(1, Math.max(0, (b - ab) / apart)) : 0.5;
  return [first, 1 - first];
}

/**
 * MGDA (Désidéri 2012; Sener & Koltun, NeurIPS 2018, eq. 3): the vector of least length in the convex hull of the gradients,
 * min ‖Σ α_i g_i‖² over α ≥ 0, Σ α = 1. To first order it raises no task's loss: g_i · d ≥ ‖d‖². Two tasks in closed form
 * (eq. 4), more by an active set, exactly.
 *
 * @throws BalancingError when `normalize` is neither of the two
 * @example createBalancer(mgda(), { tasks: ['a', 'b'], random }).weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[4, 0], [0, 1]] }); // [0.2, 0.8]
 */
export function mgda(options: MgdaOptions = {}): BalancerSpec<'gramian'> {
  checkNames(options, ['normalize', 'of'], 'mgda');
  const { normalize = 'none' } = options;
  if (normalize !== 'none' && normalize !== 'norm')
    throw new BalancingError("'none' or 'norm' for mgda.normalize", shown(normalize), 'Pass one of the two.');
  return define({ normalize }, options);
}

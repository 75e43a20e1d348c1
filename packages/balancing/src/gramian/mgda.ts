import { oneOf, optional, type Read, type Written, mean } from '@polytask/components';
import { simplexMinimum } from '../algebra/active-set.ts';
import { cosines, diagonal, type Matrix } from '../algebra/solve.ts';
import { defineGramian, overPresent, type BalancerSpec, type GramianOptions } from '../define.ts';

const options = {
  /**
   * `none`: the hull of the gradients. `norm`: the hull of the gradients scaled to length 1, so that the result
   * doesn't depend on their lengths. The result is then scaled by the mean length.
   */
  normalize: optional(oneOf('none', 'norm'), 'none'),
};

export interface MgdaOptions extends Written<typeof options>, GramianOptions {}

function nearest(gramian: Matrix): number[] {
  if (gramian.length !== 2)
    return simplexMinimum(
      gramian,
      gramian.map(() => 0),
    );
  const [[a, ab], [, b]] = gramian as unknown as readonly [readonly [number, number], readonly [number, number]];
  const squaredDistance = a + b - 2 * ab;
  const first = squaredDistance > 0 ? Math.min(1, Math.max(0, (b - ab) / squaredDistance)) : 0.5;
  return [first, 1 - first];
}

/**
 * MGDA (Désidéri 2012; Sener & Koltun, NeurIPS 2018, eq. 3): the shortest vector d in the convex hull of the gradients,
 * min ‖Σ α_i g_i‖² over α ≥ 0, Σ α = 1. To first order, no task's loss rises: g_i · d ≥ ‖d‖². Two tasks have a closed form
 * (eq. 4). More tasks are solved exactly by an active-set method.
 *
 * @throws PolytaskError when `normalize` is neither `none` nor `norm`
 * @example
 * createBalancer(mgda(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[4, 0], [0, 1]] }); // [0.2, 0.8]
 */
export const mgda: (config?: MgdaOptions) => BalancerSpec<'gramian'> = defineGramian(
  'mgda',
  overPresent((gramian, { normalize }: Read<typeof options>) => {
    if (normalize === 'none') return nearest(gramian);
    const norms = diagonal(gramian).map(Math.sqrt);
    const length = mean(norms);
    return nearest(cosines(gramian)).map((alpha, i) => (alpha * length) / norms[i]!);
  }),
  {
    traits: ({ normalize }: { normalize?: string }) => ({ scaleInvariant: normalize === 'norm' }),
    description: "the shortest vector of the gradients' hull",
    paper: 'Sener & Koltun, NeurIPS 2018',
    options,
  },
);

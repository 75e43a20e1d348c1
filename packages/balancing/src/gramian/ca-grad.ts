import { notNegative, optional, type Read, type Written, mean } from '@polytask/components';
import { simplexMinimum } from '../algebra/active-set.ts';
import { diagonal, dot, times, type Matrix } from '../algebra/solve.ts';
import { defineGramian, overPresent, type BalancerSpec, type GramianOptions } from '../define.ts';

const options = {
  /** c: the largest distance from the mean gradient, as a share of its length. 0 gives the mean. */
  c: optional(notNegative, 0.5),
};

export interface CaGradOptions extends Written<typeof options>, GramianOptions {}

function conflictAverse(gramian: Matrix, c: number): number[] {
  const even = gramian.map(() => 1 / gramian.length);
  const products = times(gramian, even); // g_i · g_0
  const reach = c * Math.sqrt(Math.max(0, dot(products, even))); // √φ = c ‖g_0‖
  const w = reach > 0 ? worst(gramian, products, reach) : even;
  const length = Math.sqrt(Math.max(0, dot(w, times(gramian, w))));
  const share = length > 1e-9 * Math.sqrt(mean(diagonal(gramian))) ? reach / length : 0;
  return w.map((weight, i) => (even[i]! + share * weight) / (1 + c));
}

const ROUNDS = 60;

/** The w of the simplex with the least g_w · g_0 + √φ ‖g_w‖, quadratic for τ = ‖g_w‖ as ‖g‖ = min over τ of (‖g‖²/τ + τ)/2. */
function worst(gramian: Matrix, products: readonly number[], reach: number): number[] {
  const at = (logTau: number) => {
    const w = simplexMinimum(
      gramian.map((row) => row.map((product) => (product * reach) / Math.exp(logTau))),
      products,
    );
    return { w, excess: Math.log(dot(w, times(gramian, w))) / 2 - logTau }; // decreases with τ
  };
  let right = Math.log(Math.max(...diagonal(gramian))) / 2;
  let left = right - 25;
  let [above, below] = [at(left).excess, at(right).excess];
  let { w } = at(left);
  if (!(above > 0)) return w; // gradients that cancel
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (left * below - right * above) / (below - above);
    const solution = at(middle);
    w = solution.w;
    if (Math.abs(solution.excess) < 1e-12) break;
    // the Illinois variant halves the value at the end that stays, so that both ends converge
    if (solution.excess > 0) [left, above, below] = [middle, solution.excess, below / 2];
    else [right, below, above] = [middle, solution.excess, above / 2];
  }
  return w;
}

/**
 * CAGrad (Liu et al., NeurIPS 2021, eq. 3 and algorithm 1): the direction with the largest gain of the worst task, within
 * distance c ‖g_0‖ of the mean gradient g_0. d = g_0 + (√φ / ‖g_w‖) g_w, with φ = c² ‖g_0‖². w minimizes
 * g_w · g_0 + √φ ‖g_w‖ over the simplex. The result is d / (1 + c), an option of the authors' code. It equals the gradient
 * when all gradients are equal.
 *
 * @throws PolytaskError when c is negative
 * @example
 * createBalancer(caGrad({ c: 0 }), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 4]] }); // [0.5, 0.5]
 */
export const caGrad: (config?: CaGradOptions) => BalancerSpec<'gramian'> = defineGramian(
  'cagrad',
  overPresent((gramian, { c }: Read<typeof options>) => conflictAverse(gramian, c)),
  {
    description: "the worst task's gain, near the mean gradient",
    paper: 'Liu et al., NeurIPS 2021',
    options,
  },
);

import { mean, optional, positive, sum, type Read, type Written } from '@polytask/components';
import { cosines, diagonal, dot, ridged, solve, times, type Matrix } from '../algebra/solve.ts';
import { defineGramian, overPresent, type BalancerSpec, type GramianOptions } from '../define.ts';

const ROUNDS = 200;

/** Keeps the problem solvable when gradients cancel. At a Pareto point no direction is good for all tasks. */
const RIDGE = 1e-9;

/**
 * The w with G w = w^(−1/α), G in units of its mean diagonal. For gradients of length 1, y_i = n_i w_i minimizes a convex
 * function, ½ yᵀCy − Σ c_i ∫ y_i^(−1/α) with the cosines C and c_i = n_i^(1/α − 1). Halved Newton steps stay positive and
 * converge to it.
 */
export function fairShares(gramian: Matrix, alpha: number): number[] {
  const power = 1 / alpha;
  const squares = diagonal(gramian);
  const size = mean(squares);
  const norms = squares.map((square) => Math.sqrt(square / size));
  const factors = norms.map((norm) => norm ** (power - 1));
  const units = ridged(cosines(gramian), RIDGE);
  const gain = (value: number) => (power === 1 ? Math.log(value) : value ** (1 - power) / (1 - power));
  const valueOf = (y: readonly number[]) =>
    Math.min(...y) > 0 ? dot(y, times(units, y)) / 2 - sum(y.map((value, i) => factors[i]! * gain(value))) : Infinity;
  let y = factors.map((factor) => factor ** (1 / (1 + power))); // the solution for orthogonal gradients
  for (let round = 0; round < ROUNDS; round++) {
    const slope = times(units, y).map((value, i) => value - factors[i]! * y[i]! ** -power);
    const curvature = y.map((value, i) => factors[i]! * power * value ** (-power - 1));
    const step = solve(
      units.map((row, i) => row.map((cosine, j) => (i === j ? cosine + curvature[i]! : cosine))),
      slope,
    );
    const descent = step && dot(step, slope);
    if (!descent || !(descent > 0)) break;
    const at = (share: number) => y.map((value, i) => value - share * step[i]!);
    const goal = valueOf(y);
    let share = 1;
    while (share > 1e-9 && !(valueOf(at(share)) <= goal - 0.1 * share * descent)) share /= 2;
    const isRounding = descent < 1e-10 * (1 + Math.abs(goal)); // the values are too near to each other to be compared
    const next = at(isRounding ? 1 : share);
    if (Math.min(...next) <= 0 || (share <= 1e-9 && !isRounding)) break;
    y = next;
    if (descent < 1e-26) break;
  }
  return y.map((value, i) => value / norms[i]!);
}

/**
 * Nash-MTL (Navon et al., ICML 2022, claim 3.1): the Nash bargaining solution, which maximizes the product of the tasks'
 * gains. G α = 1/α, so each task has the same share α_i g_i · d = 1. The scale of a loss doesn't change the direction.
 *
 * Newton's method solves the problem exactly; the paper approximates it by a sequence of convex programs. The paper's
 * result has length √T. Here it is multiplied by the root of the mean ‖g_i‖², so with one task it is the gradient.
 *
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example
 * createBalancer(nashMtl(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 1]] }); // [1, 1]
 */
export const nashMtl = defineGramian(
  'nash-mtl',
  overPresent((gramian) => fairShares(gramian, 1)),
  {
    traits: { scaleInvariant: true },
    description: 'the bargain in which all tasks gain the same share',
    paper: 'Navon et al., ICML 2022',
  },
);

const options = {
  /** α: the fairness. 1 is `nashMtl`; the larger α, the more the task with the smallest gain counts. */
  alpha: optional(positive, 2),
};

export interface FairGradOptions extends Written<typeof options>, GramianOptions {}

/**
 * FairGrad (Ban & Ji, ICML 2024, eq. 4): the direction with the greatest sum of α-fair utilities of the tasks' gains,
 * Σ (g_i · d)^(1−α) / (1 − α). Its weights fulfill G w = w^(−1/α).
 *
 * Use it when Nash-MTL helps the wrong tasks: α moves the balance towards the task that gains least. Newton's method solves the equation
 * exactly. As in `nashMtl`, the direction is the paper's, and with one task the result is its gradient.
 *
 * @throws PolytaskError when α is not above 0
 * @example
 * createBalancer(fairGrad({ alpha: 2 }), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 1]] }); // [1, 1]
 */
export const fairGrad: (config?: FairGradOptions) => BalancerSpec<'gramian'> = defineGramian(
  'fairgrad',
  overPresent((gramian, { alpha }: Read<typeof options>) => fairShares(gramian, alpha)),
  {
    description: 'α-fair gains: from the bargain of all tasks to the best for the worst',
    paper: 'Ban & Ji, ICML 2024',
    options,
  },
);

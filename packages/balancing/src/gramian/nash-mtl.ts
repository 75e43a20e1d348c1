import { overPresent } from '../algebra/present.ts';
import { diagonal, dot, mean, ridged, solve, times, type Matrix } from '../algebra/solve.ts';
import { defineGramianBalancer } from '../define.ts';

const ROUNDS = 200;

/** Keeps the problem solvable when gradients cancel. At a Pareto point the bargaining problem has no solution. */
const RIDGE = 1e-9;

/**
 * Solves G α = 1/α, the minimum of ½ αᵀGα − Σ log α_i. The function is convex and self-concordant. Newton steps, scaled by
 * 1/(1 + decrement) while they are long, therefore stay positive and converge to the only solution.
 */
function bargained(gramian: Matrix): number[] {
  const size = mean(diagonal(gramian));
  const g = ridged(
    gramian.map((row) => row.map((product) => product / size)),
    RIDGE,
  );
  let alpha = g.map((row, i) => 1 / Math.sqrt(row[i]!));
  for (let round = 0; round < ROUNDS; round++) {
    const slope = times(g, alpha).map((value, i) => value - 1 / alpha[i]!);
    const step = solve(
      g.map((row, i) => row.map((product, j) => (i === j ? product + 1 / alpha[i]! ** 2 : product))),
      slope,
    );
    if (!step) break;
    const decrement = Math.sqrt(Math.max(0, dot(step, slope)));
    const share = decrement < 0.25 ? 1 : 1 / (1 + decrement);
    alpha = alpha.map((value, i) => value - share * step[i]!);
    if (decrement < 1e-14) break;
  }
  return alpha;
}

/**
 * Nash-MTL (Navon et al., ICML 2022, claim 3.1): the Nash bargaining solution, which maximizes the product of the tasks'
 * gains. G α = 1/α, so each task has the same share α_i g_i · d = 1. The scale of a loss doesn't change the direction.
 *
 * Newton's method solves the problem exactly; the paper approximates it by a sequence of convex programs. The paper's
 * result has length √T. Here it is multiplied by the root of the mean ‖g_i‖², so with one task it is the gradient.
 *
 * @throws PolytaskError when an option is unknown
 * @example
 * createBalancer(nashMtl(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 1]] }); // [1, 1]
 */
export const nashMtl = defineGramianBalancer<object, null>('nash-mtl', overPresent(bargained), {
  description: 'the bargain in which all tasks gain the same share',
  paper: 'Navon et al., ICML 2022',
  package: '@polytask/balancing',
  variants: { 'nash-mtl': {} },
  options: {},
});

import { overPresent } from '../algebra/present.ts';
import { dot, type Matrix } from '../algebra/solve.ts';
import { defineGramianBalancer } from '../define.ts';
import type { Random } from '../contracts.ts';

/** The coefficients of Σ_i g_i^PC. A projected gradient is a combination of gradients, so the Gramian determines it. */
function projected(gramian: Matrix, random: Random): number[] {
  const sum = gramian.map(() => 0);
  gramian.forEach((_, i) => {
    const own = gramian.map((__, k) => Number(k === i)); // g_i^PC = Σ_k own_k g_k
    for (const j of Array.from(random.permutation(gramian.length))) {
      const product = dot(own, gramian[j]!);
      if (j !== i && product < 0) own[j]! -= product / gramian[j]![j]!;
    }
    own.forEach((coefficient, k) => (sum[k]! += coefficient));
  });
  return sum;
}

/**
 * PCGrad (Yu et al., NeurIPS 2020, algorithm 1) removes conflicts between gradients. Each gradient g_i is compared with the
 * gradients g_j of the other tasks, in random order. If g_i · g_j < 0, the conflicting part is removed:
 * g_i ← g_i − (g_i · g_j / ‖g_j‖²) g_j. The results are added. With two tasks, no gradient conflicts with the sum.
 *
 * @throws PolytaskError when an option is unknown
 * @example
 * createBalancer(pcGrad(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, -1], [-1, 4]] }); // [2, 1.25]
 */
export const pcGrad = defineGramianBalancer(
  'pcgrad',
  overPresent((gramian, _config, random) => projected(gramian, random)),
  {
    description: 'what is against another gradient is taken away',
    paper: 'Yu et al., NeurIPS 2020',
    package: '@polytask/balancing',
  },
);

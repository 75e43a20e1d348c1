import { number, optional, type Written } from '@polytask/components';
import { diagonal, dot, times, type Matrix } from '../algebra/solve.ts';
import type { Random } from '../contracts.ts';
import { defineGramian, overPresent, type BalancerSpec, type GramianOptions } from '../define.ts';

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
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example
 * createBalancer(pcGrad(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, -1], [-1, 4]] }); // [2, 1.25]
 */
export const pcGrad = defineGramian(
  'pcgrad',
  overPresent((gramian, _config, random) => projected(gramian, random)),
  {
    description: 'what is against another gradient is taken away',
    paper: 'Yu et al., NeurIPS 2020',
  },
);

const options = {
  /** β: the share of a step's cosines in their moving averages. */
  rate: optional(number({ above: 0, to: 1 }), 0.01),
};

export interface GradVacOptions extends Written<typeof options>, GramianOptions {}

/** The least √(1 − φ̂²): a target of nearly 1 can't be reached by adding a gradient. */
const LEAST = 1e-3;

/** The coefficients of Σ_i g_i^vac. A changed gradient is a combination of gradients, so the Gramian determines it. */
function vaccinated(gramian: Matrix, targets: Matrix, orderOf: () => ArrayLike<number>): number[] {
  const norms = diagonal(gramian).map(Math.sqrt);
  const sum = norms.map(() => 0);
  norms.forEach((_, i) => {
    const own = norms.map((__, k) => Number(k === i && norms[i]! > 0)); // g_i^vac = Σ_k own_k g_k
    for (const j of Array.from(orderOf())) {
      const length = Math.sqrt(Math.max(0, dot(own, times(gramian, own))));
      const target = targets[i]![j]!;
      const cosine = dot(own, gramian[j]!) / (length * norms[j]!); // NaN without a gradient
      if (j === i || !(cosine < target)) continue;
      const sine = Math.max(LEAST, Math.sqrt(Math.max(0, 1 - target ** 2)));
      const missing = target * Math.sqrt(Math.max(0, 1 - cosine ** 2)) - cosine * sine;
      own[j]! += (length * missing) / (norms[j]! * sine);
    }
    own.forEach((coefficient, k) => (sum[k]! += coefficient));
  });
  return sum;
}

/**
 * GradVac, gradient vaccine (Wang et al., ICLR 2021). Each gradient g_i is compared with the gradients g_j of the
 * other tasks, in random order. If their cosine φ is below the moving average φ̂_ij, a multiple of g_j makes it φ̂_ij:
 * g_i ← g_i + ‖g_i‖ (φ̂ √(1 − φ²) − φ √(1 − φ̂²)) / (‖g_j‖ √(1 − φ̂²)) g_j. The first step, with all φ̂ = 0, is that of `pcGrad`.
 *
 * Use it when tasks are related and their gradients agree most of the time: PCGrad then does nothing, GradVac aligns them more. The
 * averages are of the cosines of the gradients themselves, over all shared parameters; the paper also has them by layer.
 *
 * @throws PolytaskError when β is not in (0, 1]
 * @example
 * createBalancer(gradVac(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, -1], [-1, 4]] }); // [2, 1.25]
 */
export const gradVac: (config?: GradVacOptions) => BalancerSpec<'gramian'> = defineGramian(
  'gradvac',
  {
    start: (_config, tasks): readonly (readonly number[])[] => tasks.map(() => tasks.map(() => 0)),
    weights: (targets, _config, { random }, { gramian }) =>
      vaccinated(gramian, targets, () => random.permutation(gramian.length)),
    learn(targets, { rate }, _moment, { gramian }) {
      const norms = diagonal(gramian).map(Math.sqrt);
      return targets.map((row, i) =>
        row.map((target, j) => {
          const lengths = norms[i]! * norms[j]!;
          return lengths > 0 ? (1 - rate) * target + (rate * gramian[i]![j]!) / lengths : target;
        }),
      );
    },
  },
  {
    description: 'cosines of gradients are raised to their moving averages',
    paper: 'Wang et al., ICLR 2021',
    options,
  },
);

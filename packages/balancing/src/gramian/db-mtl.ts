import { diagonal } from '../algebra/solve.ts';
import { defineGramian } from '../define.ts';
import { positiveLosses } from '../losses/learned-weights.ts';

/**
 * DB-MTL, dual balancing (Lin et al. 2023, section 3). The gradients of log L_i, which are g_i / L_i, are all scaled to the length of the
 * longest. So w_i = max_k (‖g_k‖ / L_k) / ‖g_i‖.
 *
 * Use it when losses and gradients differ in scale by much. The paper also averages each gradient over steps, which takes the memory of T
 * gradients; here the optimizer's momentum averages their sum. The layers of single tasks have the plain gradients of their losses; in the
 * paper, those of log L_i. Losses must not be negative.
 *
 * @throws PolytaskError when an option is unknown; in a step, when a loss is negative
 * @example
 * createBalancer(dbMtl(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 2], gramian: [[1, 0], [0, 16]] }); // [2, 0.5]
 */
export const dbMtl = defineGramian(
  'db-mtl',
  {
    start: () => null,
    weights(_state, _config, { tasks }, input) {
      const losses = positiveLosses(input, tasks, 'db-mtl');
      const norms = diagonal(input.gramian).map(Math.sqrt);
      const longest = Math.max(...norms.map((norm, i) => norm / (losses[i] ?? Infinity)));
      return norms.map((norm, i) => (norm > 0 && losses[i] !== null ? longest / norm : 0));
    },
  },
  {
    traits: { rescaling: true, scaleInvariant: true },
    description: 'gradients of the logarithms of losses, all as long as the longest',
    paper: 'Lin et al., 2023',
  },
);

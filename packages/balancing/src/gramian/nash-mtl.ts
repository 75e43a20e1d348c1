import { fairShares } from '../algebra/fair-shares.ts';
import { overPresent } from '../algebra/present.ts';
import { defineGramianBalancer } from '../define.ts';

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
export const nashMtl = defineGramianBalancer(
  'nash-mtl',
  overPresent((gramian) => fairShares(gramian, 1)),
  {
    traits: { scaleInvariant: true },
    description: 'the bargain in which all tasks gain the same share',
    paper: 'Navon et al., ICML 2022',
    package: '@polytask/balancing',
  },
);

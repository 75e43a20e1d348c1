import { sum } from '@polytask/components';
import { eigen, rankOf } from '../algebra/eigen.ts';
import { overPresent } from '../algebra/present.ts';
import { defineGramianBalancer } from '../define.ts';

/** B 1 with B = σ_min V Σ⁻¹ Vᵀ, where G = V Σ² Vᵀ. */
function aligned(gramian: readonly (readonly number[])[]): number[] {
  const { values, vectors } = eigen(gramian);
  const rank = rankOf(values);
  const least = values[rank - 1]!;
  const weights = gramian.map(() => 0);
  for (let k = 0; k < rank; k++) {
    const share = Math.sqrt(least / values[k]!) * sum(vectors[k]!);
    vectors[k]!.forEach((component, i) => (weights[i]! += share * component));
  }
  return weights;
}

/**
 * Aligned-MTL (Senushkin et al., CVPR 2023, eq. 5 and algorithm 1). The gradients are replaced by the nearest orthogonal
 * gradients whose length is that of the smallest principal component. No gradient dominates or conflicts then. Their sum has
 * the weights σ_min V Σ⁻¹ Vᵀ 1.
 *
 * @throws PolytaskError when an option is unknown
 * @example
 * createBalancer(alignedMtl(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 4]] }); // [1, 0.5]
 */
export const alignedMtl = defineGramianBalancer('aligned-mtl', overPresent(aligned), {
  description: 'orthogonal gradients of one length',
  paper: 'Senushkin et al., CVPR 2023',
  package: '@polytask/balancing',
});

import { sum } from '@polytask/components';
import { eigen, rankOf } from '../algebra/eigen.ts';
import { cosines, diagonal, dot, times, type Matrix } from '../algebra/solve.ts';
import { defineGramian, overPresent } from '../define.ts';

/** Σ_k share(λ_k, v_k · 1) v_k over the eigenvalues λ_k that are not 0, of which the least is passed too. */
function ofEigenvectors(symmetric: Matrix, shareOf: (value: number, total: number, least: number) => number): number[] {
  const { values, vectors } = eigen(symmetric);
  const rank = rankOf(values);
  const result = symmetric.map(() => 0);
  for (let k = 0; k < rank; k++) {
    const share = shareOf(values[k]!, sum(vectors[k]!), values[rank - 1]!);
    vectors[k]!.forEach((component, i) => (result[i]! += share * component));
  }
  return result;
}

/** B 1 with B = σ_min V Σ⁻¹ Vᵀ, where G = V Σ² Vᵀ. */
const aligned = (gramian: Matrix): number[] =>
  ofEigenvectors(gramian, (value, total, least) => Math.sqrt(least / value) * total);

/**
 * Aligned-MTL (Senushkin et al., CVPR 2023, eq. 5 and algorithm 1). The gradients are replaced by the nearest orthogonal
 * gradients whose length is that of the smallest principal component. No gradient dominates or conflicts then. Their sum has
 * the weights σ_min V Σ⁻¹ Vᵀ 1.
 *
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example
 * createBalancer(alignedMtl(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 4]] }); // [1, 0.5]
 */
export const alignedMtl = defineGramian('aligned-mtl', overPresent(aligned), {
  description: 'orthogonal gradients of one length',
  paper: 'Senushkin et al., CVPR 2023',
});

/** The weights y of the unit gradients in U⁺ 1, with the pseudoinverse U⁺ = Uᵀ (U Uᵀ)⁺, and the length of the sum of projections. */
function equallyNear(gramian: Matrix): number[] {
  const norms = diagonal(gramian).map(Math.sqrt);
  const units = cosines(gramian);
  const y = ofEigenvectors(units, (value, total) => total / value);
  const products = times(units, y); // u_i · x
  const square = dot(y, products); // ‖x‖²
  return y.map((weight, i) => (square > 1e-12 ? (dot(norms, products) / square) * (weight / norms[i]!) : 0));
}

/**
 * ConFIG (Liu et al., ICLR 2025, eq. 2), the config inverse gradient: the direction x = U⁺ 1 with the same angle to all
 * gradients, where U has the unit gradients. The length is the sum of the projections, Σ g_i · x/‖x‖.
 *
 * Use it when losses have very different scales, such as the equations of a physical model. For gradients that are independent, the
 * direction is that of `imtlG`, and the step is longer when the gradients agree.
 *
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example
 * createBalancer(conFig(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 9]] }); // [2, 0.6667]
 */
export const conFig = defineGramian('config', overPresent(equallyNear), {
  also: ['conflict-free'],
  traits: { scaleInvariant: true },
  description: 'the same angle to all gradients, as long as their projections',
  paper: 'Liu et al., ICLR 2025',
});

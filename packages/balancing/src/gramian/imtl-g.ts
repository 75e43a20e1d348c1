import { mean, sum } from '@polytask/components';
import { diagonal, ridged, solve, type Matrix } from '../algebra/solve.ts';
import { defineGramian, overPresent } from '../define.ts';

/** Solves d · g_i = t ‖g_i‖ for all i, which is G α = t n with the lengths n. */
function impartial(gramian: Matrix): number[] {
  const norms = diagonal(gramian).map(Math.sqrt);
  const x = solve(gramian, norms) ?? solve(ridged(gramian, 1e-9 * mean(diagonal(gramian))), norms)!;
  const size = Math.abs(sum(x)); // the absolute value keeps the direction: a negative sum would reverse it
  return x.map((value) => value / size);
}

/**
 * Impartial gradient balance, IMTL-G (Liu et al., ICLR 2021, eq. 1 and 2): the direction d with equal projections on the
 * directions of all gradients, d · g_i/‖g_i‖ = d · g_j/‖g_j‖. The weights sum to 1, or to −1 if a sum of 1 would raise the
 * losses. Single weights may be negative. The scale of a loss doesn't change the direction.
 *
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example
 * createBalancer(imtlG(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 9]] }); // [0.75, 0.25]
 */
export const imtlG = defineGramian('imtl-g', overPresent(impartial), {
  also: ['imtl-gradient'],
  traits: { scaleInvariant: true },
  description: 'equal projections on all gradients',
  paper: 'Liu et al., ICLR 2021',
});

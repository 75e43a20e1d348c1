import { overPresent } from '../algebra/present.ts';
import { diagonal, mean, ridged, solve, total, type Matrix } from '../algebra/solve.ts';
import { defineGramianBalancer, type GramianOptions } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import { checkNames } from '../options.ts';

const define = defineGramianBalancer<object, null>('imtl-gradient', {
  description: 'equal projections on all gradients',
  paper: 'Liu et al., ICLR 2021',
  default: () => imtlGradient(),
  start: () => null,
  weights: (_state, _config, _moment, { gramian }) => overPresent(gramian, impartial),
});

/** d · g_i = t ‖g_i‖ for all i is G α = t n, with n the lengths. */
function impartial(gramian: Matrix): number[] {
  const norms = diagonal(gramian).map(Math.sqrt);
  const x = solve(gramian, norms) ?? solve(ridged(gramian, 1e-9 * mean(diagonal(gramian))), norms)!;
  const sum = Math.abs(total(x)); // a negative sum would turn the direction round, uphill for all
  return x.map((value) => value / sum);
}

/**
 * Impartial gradient balance, IMTL-G (Liu et al., ICLR 2021, eq. 1 and 2): the direction whose projections on all gradients'
 * directions are equal, d · g_i/‖g_i‖ = d · g_j/‖g_j‖, scaled so that the weights add up to 1 (to −1 where it would
 * otherwise go uphill; a weight may be negative). Scaling a loss doesn't change the direction.
 *
 * @example createBalancer(imtlGradient(), { tasks: ['a', 'b'], random }).weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 9]] }); // [0.75, 0.25]
 */
export function imtlGradient(options: GramianOptions = {}): BalancerSpec<'gramian'> {
  checkNames(options, ['of'], 'imtlGradient');
  return define({}, options);
}

import { optional, positive, type Written, sum } from '@polytask/components';
import { diagonal } from '../algebra/solve.ts';
import { defineGramian, type BalancerSpec, type GramianOptions } from '../define.ts';
import type { Gradients, Seen } from '../contracts.ts';

const options = {
  /** η: how fast the weights of tasks with a large excess risk rise. */
  learningRate: optional(positive, 0.01),
};

export interface ExcessMtlOptions extends Written<typeof options>, GramianOptions {}

type State = {
  readonly weights: readonly number[];
  /** Σ ‖g_i‖² over the steps. */
  readonly squares: readonly number[];
  /** The first excess risk of each task. */
  readonly first: readonly (number | null)[];
};

function next({ weights, squares, first }: State, rate: number, { gramian }: Seen<Gradients>): State {
  const norms = diagonal(gramian);
  const sums = squares.map((square, i) => square + norms[i]!);
  const risks = norms.map((square, i) => (square > 0 ? square / Math.sqrt(sums[i]! + 1e-7) : 0));
  const raised = weights.map((weight, i) => weight * Math.exp(first[i] ? (rate * risks[i]!) / first[i] : 0));
  const scale = weights.length / sum(raised);
  return {
    weights: raised.map((weight) => weight * scale),
    squares: sums,
    first: first.map((risk, i) => risk ?? (risks[i]! > 0 ? risks[i]! : null)),
  };
}

/**
 * ExcessMTL (He et al., ICML 2024, eq. 6, 7 and 9): weights follow the excess risks E_i, the distances of the losses from their minima. To
 * second order E_i = g_iᵀ H_i⁻¹ g_i, relative to the first step. w_i ← w_i e^(η E_i/E_i⁰), scaled to the sum T.
 *
 * The paper estimates the curvature H_i for each parameter by the root of the sum of squared gradients, as Adagrad does. Here one number
 * for each task, √Σ ‖g_i‖², stands for all parameters, because a state of T gradients would be too large.
 *
 * Use it when labels of some tasks are noisy: a task with a large loss that can't fall has small gradients, and isn't preferred.
 *
 * @throws PolytaskError when η is not above 0
 * @example
 * createBalancer(excessMtl(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 4]] }); // [1, 1]
 */
export const excessMtl: (config?: ExcessMtlOptions) => BalancerSpec<'gramian'> = defineGramian(
  'excess-mtl',
  {
    start: (_config, tasks): State => ({
      weights: tasks.map(() => 1),
      squares: tasks.map(() => 0),
      first: tasks.map(() => null),
    }),
    weights: (state, { learningRate }, _moment, input) => next(state, learningRate, input).weights,
    learn: (state, { learningRate }, _moment, input) => next(state, learningRate, input),
  },
  {
    description: 'weights follow the distances of the losses from their minima',
    paper: 'He et al., ICML 2024',
    options,
  },
);

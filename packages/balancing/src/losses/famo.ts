import {
  notNegative,
  optional,
  positive,
  sum,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import { softmax, positiveLosses } from './learned-weights.ts';
import { defineLosses, type BalancerSpec } from '../define.ts';

const options = {
  /** β: the learning rate of the logits. */
  learningRate: optional(positive, 0.025),
  /** γ: the weight decay of the logits. */
  decay: optional(notNegative, 0.001),
};

export interface FamoOptions extends Written<typeof options>, FromDescription {}

type State = {
  readonly logits: readonly number[];
  /** The logarithms of the previous losses. */
  readonly last: readonly (number | null)[];
};

/** The next ξ, from the losses before and after a step: ξ − β ((diag(z) − z zᵀ)(log L − log L′) + γ ξ). */
function next(
  { logits, last }: State,
  { learningRate, decay }: Read<typeof options>,
  losses: readonly (number | null)[],
): State {
  const logs = last.map((before, i) => (losses[i] === null ? before : Math.log(losses[i]!)));
  if (last.every((before) => before === null)) return { logits, last: logs };
  const gains = logs.map((log, i) => (losses[i] !== null && last[i] !== null ? last[i]! - log! : 0));
  const z = softmax(logits);
  const mean = sum(gains, (gain, i) => z[i]! * gain);
  return { logits: logits.map((xi, i) => xi - learningRate * (z[i]! * (gains[i]! - mean) + decay * xi)), last: logs };
}

/**
 * FAMO (Liu et al., NeurIPS 2023, algorithm 1): the logarithms of all losses should fall equally fast. The weights are
 * w_i = c z_i / L_i, with z = softmax(ξ) and c = 1 / Σ z_i / L_i. Then ξ ← ξ − β (∂zᵀ/∂ξ (log L − log L′) + γ ξ), where L′ are
 * the next losses.
 *
 * The paper computes L′ on the same batch again. Here L′ are the losses of the next batch, which saves a forward pass but
 * adds noise. The weights depend on the losses of the same step, so each step needs a forward pass first.
 *
 * @throws PolytaskError when β is not above 0, γ is negative, or a loss is negative
 * @example
 * createBalancer(famo(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 3] }); // [0.75, 0.25]
 */
export const famo: (config?: FamoOptions) => BalancerSpec<'losses'> = defineLosses(
  'famo',
  {
    needsLosses: true,
    start: (_config, tasks): State => ({ logits: tasks.map(() => 0), last: tasks.map(() => null) }),

    weights(state, config, { tasks }, input) {
      const losses = positiveLosses(input, tasks, 'famo');
      const shares = softmax(next(state, config, losses).logits).map((z, i) =>
        losses[i] === null ? 0 : z / losses[i]!,
      );
      const whole = sum(shares);
      return whole > 0 ? shares.map((share) => share / whole) : shares;
    },

    learn: (state, config, { tasks }, input) => next(state, config, positiveLosses(input, tasks, 'famo')),
  },
  {
    traits: { scaleInvariant: true },
    description: 'logarithms of losses fall equally fast',
    paper: 'Liu et al., NeurIPS 2023',
    options,
  },
);

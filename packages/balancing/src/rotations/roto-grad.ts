import {
  checkSpec,
  custom,
  fail,
  number,
  optional,
  positive,
  shown,
  sum,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import type { GramianRule, Json } from '../contracts.ts';
import { balancerNeeds, defineGramian, definitionOf, type BalancerSpec } from '../define.ts';
import { diagonal } from '../algebra/solve.ts';

/** ‖g_i‖ at the first step in which task i had a gradient; null before. */
type State = readonly (number | null)[];

const firstNorms = (state: State, norms: readonly number[]): State =>
  state.map((first, i) => first ?? (norms[i]! > 0 ? norms[i]! : null));

/**
 * The scaling of RotoGrad (Javaloy & Valera, ICLR 2022, section 3.1): w_i = C / ‖g_i‖, so all gradients get the same length
 * C = Σ α_i ‖g_i‖. α_i is proportional to ‖g_i‖ / ‖g_i⁰‖, so tasks that have converged less influence C more. `rotoGrad` adds
 * the rotations.
 *
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example
 * createBalancer(rotoGradScale(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 9]] }); // [2, 0.6667]
 */
export const rotoGradScale = defineGramian(
  'rotograd-scale',
  {
    start: (_config, tasks): State => tasks.map(() => null),

    weights(state, _config, _moment, { gramian }) {
      const norms = diagonal(gramian).map(Math.sqrt);
      const first = firstNorms(state, norms);
      const progress = norms.map((norm, i) => (norm > 0 ? norm / first[i]! : 0));
      const whole = sum(progress);
      const length = sum(norms, (norm, i) => (whole > 0 ? progress[i]! / whole : 0) * norm);
      return norms.map((norm) => (norm > 0 ? length / norm : 0));
    },

    learn: (state, _config, _moment, { gramian }) => firstNorms(state, diagonal(gramian).map(Math.sqrt)),
  },
  {
    traits: { scaleInvariant: true },
    description: 'one length for all gradients',
    paper: 'Javaloy & Valera, ICLR 2022',
  },
);

/** A Gramian balancer that doesn't rotate. */
const gramianBalancer = custom<BalancerSpec<'gramian'>>(
  (value, where) => {
    const spec = checkSpec('balancer', value, where) as BalancerSpec<'gramian'>;
    const { contract, rotates } = balancerNeeds(spec);
    if (contract === 'gramian' && !rotates) return spec;
    return fail({
      expected: `a Gramian balancer for ${where}`,
      received: shown(value),
      fix: 'Pass one, such as plainSum() or gradNorm().',
    });
  },
  { component: 'balancer' },
);

const options = {
  /** m: only the first m features of the representation are rotated. Without it, all are. */
  size: optional(wholeNumber(2)),
  /** The learning rate of the rotations: the largest angle of a step, in radians. */
  learningRate: optional(positive, 0.1),
  /** The factor of the learning rate after each step. Rotations must learn more slowly than the network. */
  decay: optional(number({ above: 0, to: 1 }), 0.9999),
  /** The balancer that weighs the gradients. With `plainSum()` only the rotations act. */
  scaling: optional(gramianBalancer, rotoGradScale()),
};

export interface RotoGradOptions extends Written<typeof options>, FromDescription {}

const rule = (spec: BalancerSpec) => definitionOf(spec).builder as unknown as GramianRule<object, Json>;

/**
 * RotoGrad (Javaloy & Valera, ICLR 2022) gives all gradients one length and a similar direction.
 *
 * The head of each task reads R_k z instead of the shared representation z, where R_k is a rotation. R_k follows the gradient
 * of Σ_n ⟨R_kᵀ g̃_n,k, v_n⟩ on SO(m). g̃ is the gradient of the head's input, and v is the mean of the tasks' gradients scaled
 * to length 1 (section 3.2). The network follows the scaled gradients (section 3.1, {@link rotoGradScale}). The rotations are
 * part of the model and are saved with it.
 *
 * `scaling` may be any Gramian balancer. It always weighs gradients of the representation. With `gradNorm()` the result is
 * the authors' RotoGradNorm.
 *
 * @throws PolytaskError when a number is invalid, or `scaling` is not a Gramian balancer
 * @example balancerNeeds(rotoGrad({ size: 64 })).rotates; // { size: 64, learningRate: 0.1, decay: 0.9999 }
 */
export const rotoGrad: (config?: RotoGradOptions) => BalancerSpec<'gramian'> = defineGramian(
  'rotograd',
  {
    rotates: ({ size, learningRate, decay }) => ({ ...(size !== undefined && { size }), learningRate, decay }),
    start: ({ scaling }, tasks): Json => rule(scaling).start(scaling.config, tasks),
    weights: (state, { scaling }, moment, input) => rule(scaling).weights(state, scaling.config, moment, input),
    learn: (state, { scaling }, moment, input) => rule(scaling).learn?.(state, scaling.config, moment, input) ?? state,
  },
  {
    traits: { scaleInvariant: true },
    description: 'one length for all gradients, and rotations of what heads read that turn them the same way',
    paper: 'Javaloy & Valera, ICLR 2022',
    variants: { 'rotograd@representation': { also: ['rotograd'] } },
    options,
  },
);

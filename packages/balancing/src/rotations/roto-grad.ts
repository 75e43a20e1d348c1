import {
  checkSpec,
  custom,
  fail,
  number,
  optional,
  positive,
  shown,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import type { GramianRule, Json } from '../contracts.ts';
import { balancerNeeds, defineGramianBalancer, definitionOf, type BalancerSpec } from '../define.ts';
import { rotoGradScale } from '../gramian/roto-grad-scale.ts';

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
export const rotoGrad: (config?: RotoGradOptions) => BalancerSpec<'gramian'> = defineGramianBalancer(
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
    package: '@polytask/balancing',
    variants: { 'rotograd@representation': { also: ['rotograd'] } },
    options,
  },
);

import { checkSpec, fail, number, optional, positive, shown, type Check } from '@polytask/components';
import type { GramianRule, Json } from '../contracts.ts';
import { balancerNeeds, defineGramianBalancer, definitionOf, type BalancerSpec } from '../define.ts';
import { rotoGradScale } from '../gramian/roto-grad-scale.ts';

/** Options of {@link rotoGrad}. */
export interface RotoGradOptions {
  /** m: only the first m features of the representation are rotated. Default: all. */
  size?: number;
  /** The learning rate of the rotations: the largest angle of a step, in radians. Default 0.1. */
  learningRate?: number;
  /** The factor of the learning rate after each step. Rotations must learn more slowly than the network. Default 0.9999. */
  decay?: number;
  /** The balancer that weighs the gradients. Default `rotoGradScale()`. With `plainSum()` only the rotations act. */
  scaling?: BalancerSpec<'gramian'>;
}

type Config = Required<Omit<RotoGradOptions, 'size'>> & Pick<RotoGradOptions, 'size'>;

const rule = (spec: BalancerSpec<'gramian'>) => definitionOf(spec) as unknown as GramianRule<object, Json>;

/** A Gramian balancer that doesn't rotate. */
const scaling: Check = (value, where) => {
  const { contract, rotates } = balancerNeeds(checkSpec('balancer', value, where) as BalancerSpec);
  if (contract === 'gramian' && !rotates) return value;
  return fail({
    expected: `a Gramian balancer for ${where}`,
    received: shown(value),
    fix: 'Pass one, such as plainSum() or gradNorm().',
  });
};

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
export const rotoGrad = defineGramianBalancer<Config, Json>(
  'rotograd',
  {
    rotates: ({ size, learningRate, decay }) => ({ ...(size !== undefined && { size }), learningRate, decay }),
    start: ({ scaling }, tasks) => rule(scaling).start(scaling.config, tasks),
    weights: (state, { scaling }, moment, input) => rule(scaling).weights(state, scaling.config, moment, input),
    learn: (state, { scaling }, moment, input) => rule(scaling).learn?.(state, scaling.config, moment, input) ?? state,
  },
  {
    description: 'one length for all gradients, and rotations of what heads read that turn them the same way',
    paper: 'Javaloy & Valera, ICLR 2022',
    package: '@polytask/balancing',
    variants: { 'rotograd@representation': { alias: 'rotograd' } },
    options: {
      size: optional(number('a whole number, 2 or more,', (m) => Number.isInteger(m) && m >= 2)),
      learningRate: positive,
      decay: number('a number above 0, and 1 at most,', (x) => x > 0 && x <= 1),
      scaling,
    },
    defaults: { learningRate: 0.1, decay: 0.9999, scaling: rotoGradScale() },
  },
);

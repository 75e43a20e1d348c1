import { BalancingError, shown } from '../balancing-error.ts';
import type { BalancerSpec, GramianRule, Json } from '../contracts.ts';
import { defineGramianBalancer, ruleOf } from '../define.ts';
import { rotoGradScale } from '../gramian/roto-grad-scale.ts';
import { checkNames, checkNumber, checkPositive } from '../options.ts';

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

const rule = (spec: BalancerSpec<'gramian'>) => ruleOf(spec) as unknown as GramianRule<object, Json>;

const define = defineGramianBalancer<{ scaling: BalancerSpec<'gramian'> }, Json>('rotograd', {
  package: '@polytask/balancing',
  description: 'one length for all gradients, and rotations of what heads read that turn them the same way',
  paper: 'Javaloy & Valera, ICLR 2022',
  alias: 'rotograd',
  default: () => rotoGrad(),
  start: ({ scaling }, tasks) => rule(scaling).start(scaling.config, tasks),
  weights: (state, { scaling }, moment, input) => rule(scaling).weights(state, scaling.config, moment, input),
  learn: (state, { scaling }, moment, input) => rule(scaling).learn?.(state, scaling.config, moment, input) ?? state,
});

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
 * @throws BalancingError when a number is invalid, or `scaling` is not a Gramian balancer
 * @example rotoGrad({ size: 64 }).rotates; // { size: 64, learningRate: 0.1, decay: 0.9999 }
 */
export function rotoGrad(options: RotoGradOptions = {}): BalancerSpec<'gramian'> {
  checkNames(options, ['size', 'learningRate', 'decay', 'scaling'], 'rotoGrad');
  const { size, learningRate = 0.1, decay = 0.9999, scaling = rotoGradScale() } = options;
  if (size !== undefined)
    checkNumber(size, 'rotoGrad.size', 'that is whole and 2 or more', (m) => Number.isInteger(m) && m >= 2);
  checkPositive(learningRate, 'rotoGrad.learningRate');
  checkNumber(decay, 'rotoGrad.decay', 'above 0, and 1 at most,', (x) => x > 0 && x <= 1);
  if (typeof scaling !== 'object' || scaling === null || scaling.contract !== 'gramian' || scaling.rotates) {
    throw new BalancingError(
      'a Gramian balancer for rotoGrad.scaling',
      shown(scaling),
      'Pass one, such as plainSum() or gradNorm().',
    );
  }
  return {
    ...define({ scaling }, { of: 'representation' }),
    rotates: { ...(size !== undefined && { size }), learningRate, decay },
  };
}

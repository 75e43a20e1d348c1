import { BalancingError, shown } from '../balancing-error.ts';
import type { BalancerSpec, GramianRule, Json } from '../contracts.ts';
import { defineGramianBalancer, ruleOf } from '../define.ts';
import { rotoGradScale } from '../gramian/roto-grad-scale.ts';
import { checkNames, checkNumber, checkPositive } from '../options.ts';

export interface RotoGradOptions {
  /** m: only the first m features of the representation are rotated. Default: all. */
  size?: number;
  /** The rotations' learning rate: the most that a step turns, in radians. Default 0.1. */
  learningRate?: number;
  /** What the rate is multiplied by after each step: rotations must learn ever more slowly than the network. Default 0.9999. */
  decay?: number;
  /** What gives the gradients their weights. Default `rotoGradScale()`; `plainSum()` rotates only. */
  scaling?: BalancerSpec<'gramian'>;
}

const rule = (spec: BalancerSpec<'gramian'>) => ruleOf(spec) as unknown as GramianRule<object, Json>;

const define = defineGramianBalancer<{ scaling: BalancerSpec<'gramian'> }, Json>('rotograd', {
  description: 'one length for all gradients, and rotations of what heads read that turn them the same way',
  paper: 'Javaloy & Valera, ICLR 2022',
  alias: 'rotograd',
  default: () => rotoGrad(),
  start: ({ scaling }, tasks) => rule(scaling).start(scaling.config, tasks),
  weights: (state, { scaling }, moment, seen) => rule(scaling).weights(state, scaling.config, moment, seen),
  learn: (state, { scaling }, moment, seen) => rule(scaling).learn?.(state, scaling.config, moment, seen) ?? state,
});

/**
 * RotoGrad (Javaloy & Valera, ICLR 2022): gradients of one length and of one direction. Each task's head reads R_k z in place
 * of the shared representation z, where R_k is a rotation; R_k follows the slope of Σ_n ⟨R_kᵀ g̃_n,k, v_n⟩ on SO(m), with g̃ the
 * gradient of what the head reads and v the mean of the tasks' gradients at length 1 (section 3.2), while the network
 * follows the scaled gradients (section 3.1, {@link rotoGradScale}). The rotations are a part of the model, saved and served
 * with it. Any Gramian balancer can scale in place of theirs, always at the representation; with `gradNorm()` it is the
 * authors' RotoGradNorm.
 *
 * @throws BalancingError when a number is unfit, or `scaling` is no Gramian balancer
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

import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';

const define = defineLossBalancer<object, null>('equal', {
  package: '@polytask/balancing',
  description: "the plain sum of the losses, with the tasks' own weights",
  start: () => null,
  weights: (_state, _config, { tasks }) => tasks.map(() => 1),
});

/**
 * Equal weights: the plain sum of losses, Σ L_i. It is the control of every comparison. For weights that you tune by hand,
 * use the tasks' `weight` or {@link staticWeights}.
 *
 * @example equal().contract; // 'losses'
 */
export const equal = (): BalancerSpec<'losses'> => define({});

import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';

const define = defineLossBalancer<object, null>('equal', {
  description: "the plain sum of the losses, with the tasks' own weights",
  start: () => null,
  weights: (_state, _config, { tasks }) => tasks.map(() => 1),
});

/**
 * The plain sum, Σ L_i: the control of every comparison. Weights that were tuned by hand are the tasks' own (`weight` of a
 * task) or {@link staticWeights}.
 *
 * @example equal().contract; // 'losses'
 */
export const equal = (): BalancerSpec<'losses'> => define({});

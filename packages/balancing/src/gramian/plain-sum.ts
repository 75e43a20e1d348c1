import { defineGramianBalancer, type GramianOptions } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import { checkNames } from '../options.ts';

const define = defineGramianBalancer<object, null>('plain-sum', {
  description: 'the control with its gradients measured, at the cost of a Gramian method',
  default: () => plainSum(),
  start: () => null,
  weights: (_state, _config, { tasks }) => tasks.map(() => 1),
});

/**
 * The plain sum of gradients, Σ g_i. It trains as `equal` does, at the cost of a Gramian method: for the diagnostics of the
 * control.
 *
 * @example plainSum().of; // 'parameters'
 */
export function plainSum(options: GramianOptions = {}): BalancerSpec<'gramian'> {
  checkNames(options, ['of'], 'plainSum');
  return define({}, options);
}

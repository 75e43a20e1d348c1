import { defineGramianBalancer, type GramianOptions } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import { checkNames } from '../options.ts';

const define = defineGramianBalancer<object, null>('plain-sum', {
  package: '@polytask/balancing',
  description: 'the control with its gradients measured, at the cost of a Gramian method',
  default: () => plainSum(),
  start: () => null,
  weights: (_state, _config, { tasks }) => tasks.map(() => 1),
});

/**
 * The plain sum of gradients, Σ g_i. It trains like `equal`, but at the cost of a Gramian method. Use it to measure gradient
 * diagnostics of the control.
 *
 * @throws BalancingError when an option is unknown
 * @example plainSum().of; // 'parameters'
 */
export function plainSum(options: GramianOptions = {}): BalancerSpec<'gramian'> {
  checkNames(options, ['of'], 'plainSum');
  return define({}, options);
}

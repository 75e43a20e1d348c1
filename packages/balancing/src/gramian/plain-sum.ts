import { defineGramianBalancer } from '../define.ts';

/**
 * The plain sum of gradients, Σ g_i. It trains like `equalWeights`, but at the cost of a Gramian method. Use it to measure gradient
 * diagnostics of the control.
 *
 * @throws PolytaskError when an option is unknown
 * @example plainSum().config.of; // 'parameters'
 */
export const plainSum = defineGramianBalancer(
  'plain-sum',
  {
    start: () => null,
    weights: (_state, _config, { tasks }) => tasks.map(() => 1),
  },
  {
    also: ['sum'],
    description: 'the control with its gradients measured, at the cost of a Gramian method',
    package: '@polytask/balancing',
  },
);

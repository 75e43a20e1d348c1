import { defineGramianBalancer } from '@polytask/balancing';

/**
 * Σ_i g_i / ‖g_i‖: each task's gradient with length 1. A task without a gradient counts 0. Replace the rule by yours.
 *
 * A Gramian rule reads G = J Jᵀ, the inner products of the tasks' gradients. It gives the coefficients of their sum.
 *
 * @example
 * createBalancer(myComponent(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[4, 0], [0, 9]] }); // [1/2, 1/3]
 */
export const myComponent = defineGramianBalancer(
  'my-package/my-component',
  {
    start: () => null, // the state: none
    weights: (_state, _config, _moment, { gramian }) =>
      gramian.map((row, i) => (row[i]! > 0 ? 1 / Math.sqrt(row[i]!) : 0)),
  },
  {
    description: 'gradients of length 1',
    package: 'my-package',
    traits: { rescaling: true, scaleInvariant: true }, // what the conformance test is to check, too
  },
);

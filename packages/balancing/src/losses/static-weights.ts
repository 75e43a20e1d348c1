import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import { checkNotNegative, checkTaskNumbers, ofTasks, type TaskNumbers } from '../options.ts';

const define = defineLossBalancer<{ weights: TaskNumbers }, readonly number[]>('static-weights', {
  package: '@polytask/balancing',
  description: 'weights that stay as they are given',
  start: ({ weights }, tasks) => ofTasks(weights, tasks, 'staticWeights'),
  weights: (weights) => weights,
});

/**
 * Static weights: Σ w_i L_i with constant weights.
 *
 * @param weights one number for all tasks, a list in the order of the tasks, or numbers by task name
 * @throws BalancingError when a weight is negative; in `createBalancer`, when the weights don't fit the tasks
 * @example
 * createBalancer(staticWeights({ click: 1, like: 0.25 }), { tasks: ['click', 'like'], random })
 *   .weights({ step: 9, epoch: 0 }); // [1, 0.25]
 */
export function staticWeights(weights: TaskNumbers): BalancerSpec<'losses'> {
  checkTaskNumbers(weights, 'staticWeights', checkNotNegative);
  return define({ weights });
}

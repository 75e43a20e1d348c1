import { notNegative } from '@polytask/components';
import { defineLossBalancer, type BalancerSpec } from '../define.ts';
import { ofTasks, taskNumbers, type TaskNumbers } from '../options.ts';

const options = {
  /** One number for all tasks, a list in the order of the tasks, or an object by task name. */
  weights: taskNumbers(notNegative),
};

const define = defineLossBalancer(
  'static-weights',
  {
    start: ({ weights }, tasks): readonly number[] => ofTasks(weights, tasks, 'static-weights.weights'),
    weights: (weights) => weights,
  },
  {
    also: ['constant'],
    traits: { rescaling: true },
    description: 'weights that stay as they are given',
    package: '@polytask/balancing',
    options,
  },
);

/**
 * Static weights: Σ w_i L_i with constant weights.
 *
 * @param weights one number for all tasks, a list in the order of the tasks, or an object by task name
 * @throws PolytaskError when a weight is negative; in `createBalancer`, when the weights don't fit the tasks
 * @example
 * createBalancer(staticWeights({ click: 1, like: 0.25 }), { tasks: ['click', 'like'], random })
 *   .weights({ step: 9, epoch: 0 }); // [1, 0.25]
 */
export const staticWeights = (weights: TaskNumbers): BalancerSpec<'losses'> => define({ weights });

import { defineLossBalancer } from '../define.ts';

/**
 * Equal weights: the plain sum of losses, Σ L_i. It is the control of every comparison. For weights that you tune by hand,
 * use the tasks' `weight` or {@link staticWeights}.
 *
 * @example equalWeights().name; // 'equal'
 */
export const equalWeights = defineLossBalancer(
  'equal',
  {
    start: () => null,
    weights: (_state, _config, { tasks }) => tasks.map(() => 1),
  },
  {
    description: "the plain sum of the losses, with the tasks' own weights",
    package: '@polytask/balancing',
    variants: {}, // comparisons have it as their control
  },
);

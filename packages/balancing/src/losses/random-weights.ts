import { softmax } from '../algebra/learned-weights.ts';
import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';

const define = defineLossBalancer<object, null>('random-weights', {
  package: '@polytask/balancing',
  description: 'a softmax of normal numbers, drawn each step',
  paper: 'Lin et al., TMLR 2022',
  default: () => randomWeights(),
  start: () => null,
  weights: (_state, _config, { tasks, random }) => softmax(Array.from(random.normal(tasks.length))),
});

/**
 * Random loss weighting (Lin et al., TMLR 2022, algorithm 1): λ = softmax(x), with x ~ N(0, 1) drawn anew at each step. The
 * weights sum to 1.
 *
 * @example randomWeights().kind; // 'random-weights'
 */
export const randomWeights = (): BalancerSpec<'losses'> => define({});

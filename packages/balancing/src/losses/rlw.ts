import { softmax } from './learned-weights.ts';
import { defineLossBalancer } from '../define.ts';

/**
 * Random loss weighting (Lin et al., TMLR 2022, algorithm 1): λ = softmax(x), with x ~ N(0, 1) drawn anew at each step. The
 * weights sum to 1.
 *
 * @example rlw().name; // 'rlw'
 */
export const rlw = defineLossBalancer(
  'rlw',
  {
    start: () => null,
    weights: (_state, _config, { tasks, random }) => softmax(Array.from(random.normal(tasks.length))),
  },
  {
    also: ['random-weights'],
    description: 'a softmax of normal numbers, drawn each step',
    paper: 'Lin et al., TMLR 2022',
    package: '@polytask/balancing',
  },
);

import { mean } from '@polytask/components';
import { defineLosses } from '../define.ts';
import { positiveLosses } from './learned-weights.ts';

/**
 * Geometric loss strategy, GLS (Chennupati et al., CVPR workshops 2019): the loss is the geometric mean (Π L_i)^(1/T). Its gradient
 * has the weights w_i = (Π L_i)^(1/T) / (T L_i). Tasks without a label in the batch are left out.
 *
 * Use it when losses have different scales and you want no state and no option: a task's scale doesn't change the direction. Losses
 * must not be negative. Each step needs a forward pass first.
 *
 * @throws PolytaskError when an option is unknown; in a step, when a loss is negative
 * @example
 * createBalancer(gls(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 4] }); // [1, 0.25]
 */
export const gls = defineLosses(
  'gls',
  {
    needsLosses: true,
    start: () => null,
    weights(_state, _config, { tasks }, input) {
      const losses = positiveLosses(input, tasks, 'gls');
      const logs = losses.flatMap((loss) => (loss === null ? [] : [Math.log(loss)]));
      const share = Math.exp(mean(logs)) / logs.length;
      return losses.map((loss) => (loss === null ? 0 : share / loss));
    },
  },
  {
    also: ['geometric-mean'],
    traits: { scaleInvariant: true },
    description: 'the geometric mean of the losses',
    paper: 'Chennupati et al., CVPR workshops 2019',
  },
);

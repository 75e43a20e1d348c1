import { optional, positive, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { addLosses, noLosses, positiveLosses, softmax } from './learned-weights.ts';
import { defineLosses, type BalancerSpec } from '../define.ts';

const options = {
  /** μ: the smoothness. The smaller μ, the more only the worst task counts. */
  smoothing: optional(positive, 1),
  /** The number of epochs in which the sum of the logarithms is minimized. Losses are measured by their means of the last one. */
  warmup: optional(wholeNumber(1), 1),
};

export interface StchOptions extends Written<typeof options>, FromDescription {}

/**
 * STCH, smooth Tchebycheff scalarization (Lin et al., ICML 2024), as in the authors' code for multi-task learning: the loss
 * T μ log Σ e^(l_i/μ) of l_i = log(L_i / L̄_i). Its gradient has the weights w_i = T softmax(l/μ)_i / L_i. In the first epochs,
 * the warm-up, w_i = 1/L_i. L̄_i is the mean loss in the last epoch of the warm-up, or 1 if the task had no label then.
 *
 * Use it when no task may fall behind: it minimizes the worst relative loss, but keeps a gradient of all. Losses must not be negative. Each
 * step needs a forward pass first. A training that isn't longer than the warm-up never gets beyond it.
 *
 * @throws PolytaskError when μ is not above 0 or the warm-up has no epoch; in a step, when a loss is negative
 * @example
 * createBalancer(stch(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 4] }); // [1, 0.25]
 */
export const stch: (config?: StchOptions) => BalancerSpec<'losses'> = defineLosses(
  'stch',
  {
    needsLosses: true,
    start: (_config, tasks) => noLosses(tasks), // those of the last epoch of the warm-up

    weights({ sums, counts }, { smoothing, warmup }, { epoch, tasks }, input) {
      const losses = positiveLosses(input, tasks, 'stch');
      if (epoch < warmup) return losses.map((loss) => (loss === null ? 0 : 1 / loss));
      const means = sums.map((sum, i) => (sum > 0 ? sum / counts[i]! : 1));
      const powers = losses.map((loss, i) => (loss === null ? -Infinity : Math.log(loss / means[i]!) / smoothing));
      const count = losses.filter((loss) => loss !== null).length;
      return softmax(powers).map((share, i) => (losses[i] ? (count * share) / losses[i] : 0));
    },

    learn: (state, { warmup }, { epoch, tasks }, input) =>
      epoch === warmup - 1 ? addLosses(state, positiveLosses(input, tasks, 'stch')) : state,
  },
  {
    also: ['smooth-tchebycheff'],
    traits: { rescaling: true, scaleInvariant: true },
    description: 'the worst relative loss, smoothed so that all tasks learn',
    paper: 'Lin et al., ICML 2024',
    options,
  },
);

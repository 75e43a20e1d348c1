import {
  notNegative,
  optional,
  wholeNumber,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import { clusterMeans } from '../algebra/cluster-means.ts';
import { total } from '../algebra/solve.ts';
import { defineLossBalancer, type BalancerSpec } from '../define.ts';
import { positiveLosses } from './positive-losses.ts';
import type { TaskLosses, Seen } from '../contracts.ts';

const options = {
  /** K: the number of groups. With as many as tasks, each task has its own weight. */
  groups: optional(wholeNumber(1), 2),
  /** η: how fast the shares of tasks with large losses fall. */
  learningRate: optional(notNegative, 1e-4),
};

/** Options of {@link go4Align}. */
export interface Go4AlignOptions extends Written<typeof options>, FromDescription {}

/** The next shares p, and the weights of the single tasks: Σ L / L_i, times p_i. */
function next(
  shares: readonly number[],
  { learningRate }: Read<typeof options>,
  input: Seen<TaskLosses>,
  tasks: readonly string[],
) {
  const losses = positiveLosses(input, tasks, 'go4align');
  const raised = shares.map((share, i) => share * Math.exp(-learningRate * (losses[i] ?? 0)));
  const all = total(raised);
  const sum = total(losses.map((loss) => loss ?? 0));
  const now = raised.map((share) => share / all);
  return { shares: now, weights: losses.map((loss, i) => (loss === null ? null : (sum / loss) * now[i]!)) };
}

/**
 * GO4Align (Shen et al., NeurIPS 2024, section 3), as in the authors' code: p_i ← p_i e^(−η L_i), scaled to the sum 1. Each task has the
 * indicator (Σ_j L_j / L_i) p_i, k-means divides the tasks into groups of similar indicators, and a task's weight is the mean of its
 * group. K-means is exact here; the code starts it at random. The paper has the mean of the losses in place of Σ_j L_j (eq. 5).
 *
 * Use it for many tasks in a few kinds, such as clicks and watch times: tasks of a group keep one weight. Losses must not be negative. A
 * weight jumps when a task changes its group. Each step needs a forward pass first.
 *
 * @throws PolytaskError when there is no group or η is negative; in a step, when a loss is negative
 * @example
 * createBalancer(go4Align(), { tasks: ['a', 'b', 'c'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1, 4] }); // [2.0002, 2.0002, 0.4999]
 */
export const go4Align: (config?: Go4AlignOptions) => BalancerSpec<'losses'> = defineLossBalancer(
  'go4align',
  {
    needsLosses: true,
    start: (_config, tasks): readonly number[] => tasks.map(() => 1 / tasks.length),
    weights(shares, config, { tasks }, input) {
      const { weights } = next(shares, config, input, tasks);
      const present = weights.flatMap((weight, i) => (weight === null ? [] : [i]));
      const means = clusterMeans(
        present.map((i) => weights[i]!),
        config.groups,
      );
      return weights.map((weight, i) => (weight === null ? 0 : means[present.indexOf(i)]!));
    },
    learn: (shares, config, { tasks }, input) => next(shares, config, input, tasks).shares,
  },
  {
    description: 'one weight for each group of tasks with similar risks',
    paper: 'Shen et al., NeurIPS 2024',
    package: '@polytask/balancing',
    variants: { go4align: {} },
    options,
  },
);

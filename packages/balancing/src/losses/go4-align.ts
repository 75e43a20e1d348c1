import {
  notNegative,
  optional,
  wholeNumber,
  type FromDescription,
  type Read,
  type Written,
  mean,
  sum,
} from '@polytask/components';
import { defineLosses, type BalancerSpec } from '../define.ts';
import { positiveLosses } from './learned-weights.ts';
import type { TaskLosses, Seen } from '../contracts.ts';

const options = {
  /** K: the number of groups. With as many as tasks, each task has its own weight. */
  groups: optional(wholeNumber(1), 2),
  /** η: how fast the shares of tasks with large losses fall. */
  learningRate: optional(notNegative, 1e-4),
};

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
  const all = sum(raised);
  const whole = sum(losses.map((loss) => loss ?? 0));
  const now = raised.map((share) => share / all);
  return { shares: now, weights: losses.map((loss, i) => (loss === null ? null : (whole / loss) * now[i]!)) };
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
export const go4Align: (config?: Go4AlignOptions) => BalancerSpec<'losses'> = defineLosses(
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
    options,
  },
);

/** The mean of the group of each number by exact k-means: groups are contiguous in the sorted numbers, so dynamic programming finds them. */
export function clusterMeans(values: readonly number[], groups: number): number[] {
  if (values.length === 0) return []; // a batch in which no task has a label
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const sorted = order.map((i) => values[i]!);
  const groupOf = (from: number, to: number) => {
    const group = sorted.slice(from, to);
    const center = mean(group);
    return { center, cost: sum(group, (value) => (value - center) ** 2) };
  };
  /** The best division of the first `to` numbers. */
  let best = sorted.map((_, i) => ({ cost: groupOf(0, i + 1).cost, starts: [0] }));
  for (let count = 1; count < Math.min(groups, values.length); count++) {
    best = best.map((one, i) => {
      let least = one;
      for (let from = 1; from <= i; from++) {
        const cost = best[from - 1]!.cost + groupOf(from, i + 1).cost;
        if (cost < least.cost) least = { cost, starts: [...best[from - 1]!.starts, from] };
      }
      return least;
    });
  }
  const { starts } = best.at(-1)!;
  const means = values.map(() => 0);
  starts.forEach((from, k) => {
    const to = starts[k + 1] ?? sorted.length;
    for (let at = from; at < to; at++) means[order[at]!] = groupOf(from, to).center;
  });
  return means;
}

import { notNegative, optional, positive, type Written, mean, sum } from '@polytask/components';
import { diagonal } from '../algebra/solve.ts';
import { defineGramian, type BalancerSpec, type GramianOptions } from '../define.ts';
import { positiveLosses } from '../losses/learned-weights.ts';

const options = {
  /** α: the strength with which slow tasks get larger gradients. 0 makes all norms equal. */
  alpha: optional(notNegative, 1.5),
  /** The learning rate of the weights. */
  learningRate: optional(positive, 0.025),
};

export interface GradNormOptions extends Written<typeof options>, GramianOptions {}

type State = {
  readonly weights: readonly number[];
  /** L_i(0): the first loss of each task. */
  readonly first: readonly (number | null)[];
};

/** The lower bound of a weight: a weight of 0 could not rise again. */
const LEAST = 1e-3;

/**
 * GradNorm (Chen et al., ICML 2018, eq. 1 and 2). The weights are learned so that the norms w_i ‖g_i‖ approach Ḡ · r_i^α.
 * Ḡ is the mean norm, and r_i is L_i/L_i(0) divided by its mean over the tasks. Each step is gradient descent on
 * Σ |w_i ‖g_i‖ − Ḡ r_i^α| with a constant target. The weights are then scaled to sum to T.
 *
 * @throws PolytaskError when α is negative, the learning rate is not above 0, or a loss is negative
 * @example createBalancer(gradNorm(), { tasks: ['a', 'b'], random }).state; // { weights: [1, 1], first: [null, null] }
 */
export const gradNorm: (config?: GradNormOptions) => BalancerSpec<'gramian'> = defineGramian(
  'gradnorm',
  {
    start: (_config, tasks): State => ({ weights: tasks.map(() => 1), first: tasks.map(() => null) }),
    weights: ({ weights }) => weights,

    learn({ weights, first: previous }, { alpha, learningRate }, { tasks }, input) {
      const losses = positiveLosses(input, tasks, 'gradnorm');
      const first = previous.map((loss, i) => loss ?? (input.losses[i]! > 0 ? losses[i]! : null));
      const norms = diagonal(input.gramian).map(Math.sqrt);
      const indices = norms.flatMap((norm, i) => (norm > 0 && first[i] !== null ? [i] : []));
      if (indices.length < 2) return { weights, first };
      const ratios = indices.map((i) => losses[i]! / first[i]!);
      const weightedNorms = indices.map((i) => weights[i]! * norms[i]!);
      const [ratio, norm] = [mean(ratios), mean(weightedNorms)];
      const next = [...weights];
      indices.forEach((i, k) => {
        const target = norm * (ratios[k]! / ratio) ** alpha;
        next[i] = Math.max(LEAST, weights[i]! - learningRate * Math.sign(weightedNorms[k]! - target) * norms[i]!);
      });
      const scale = weights.length / sum(next);
      return { weights: next.map((weight) => weight * scale), first };
    },
  },
  {
    description: 'weights learned until norms fit the training rates',
    paper: 'Chen et al., ICML 2018',
    options,
  },
);

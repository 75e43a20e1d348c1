import { diagonal, mean, total } from '../algebra/solve.ts';
import type { BalancerSpec } from '../contracts.ts';
import { defineGramianBalancer, type GramianOptions } from '../define.ts';
import { checkNames, checkNotNegative, checkPositive } from '../options.ts';

export interface GradNormOptions extends GramianOptions {
  /** α: how strongly tasks that learn slowly are pulled along; 0 makes all norms equal. Default 1.5. */
  alpha?: number;
  /** Of the weights. Default 0.025. */
  learningRate?: number;
}

interface State {
  readonly [key: string]: readonly (number | null)[];
  readonly weights: readonly number[];
  /** L_i(0): the first loss of each task. */
  readonly first: readonly (number | null)[];
}

/** A weight that has fallen to 0 could never rise again. */
const LEAST = 1e-3;

const define = defineGramianBalancer<{ alpha: number; learningRate: number }, State>('gradnorm', {
  description: 'weights learned until norms fit the training rates',
  paper: 'Chen et al., ICML 2018',
  default: () => gradNorm(),
  start: (_config, tasks) => ({ weights: tasks.map(() => 1), first: tasks.map(() => null) }),
  weights: ({ weights }) => weights,

  learn({ weights, first: before }, { alpha, learningRate }, _moment, { gramian, losses, present }) {
    const first = before.map((loss, i) => loss ?? (present[i] && losses[i]! > 0 ? losses[i]! : null));
    const norms = diagonal(gramian).map(Math.sqrt);
    const taking = norms.flatMap((norm, i) => (norm > 0 && first[i] !== null ? [i] : []));
    if (taking.length < 2) return { weights, first };
    const ratios = taking.map((i) => losses[i]! / first[i]!);
    const weighted = taking.map((i) => weights[i]! * norms[i]!);
    const [ratio, norm] = [mean(ratios), mean(weighted)];
    const next = [...weights];
    taking.forEach((i, k) => {
      const aim = norm * (ratios[k]! / ratio) ** alpha;
      next[i] = Math.max(LEAST, weights[i]! - learningRate * Math.sign(weighted[k]! - aim) * norms[i]!);
    });
    const scale = weights.length / total(next);
    return { weights: next.map((weight) => weight * scale), first };
  },
});

/**
 * GradNorm (Chen et al., ICML 2018, eq. 1 and 2): weights learned so that the norms w_i ‖g_i‖ approach
 * Ḡ · r_i^α, where Ḡ is their mean and r_i = L_i/L_i(0) relative to the mean over tasks: gradient descent on
 * Σ |w_i ‖g_i‖ − Ḡ r_i^α| with the target held fixed, then the weights are scaled to add up to T.
 *
 * @throws BalancingError when α is negative or the learning rate isn't above 0
 * @example createBalancer(gradNorm(), { tasks: ['a', 'b'], random }).state; // { weights: [1, 1], first: [null, null] }
 */
export function gradNorm(options: GradNormOptions = {}): BalancerSpec<'gramian'> {
  checkNames(options, ['alpha', 'learningRate', 'of'], 'gradNorm');
  const { alpha = 1.5, learningRate = 0.025 } = options;
  checkNotNegative(alpha, 'gradNorm.alpha');
  checkPositive(learningRate, 'gradNorm.learningRate');
  return define({ alpha, learningRate }, options);
}

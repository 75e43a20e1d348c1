import {
  either,
  fail,
  mean,
  number,
  oneOf,
  optional,
  readOptions,
  shown,
  sum,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';

const betas = () => either(oneOf('balanced'), number({ from: 0, below: 1 }));

const options = () => ({
  /**
   * β, in [0, 1). With 0 all classes have weight 1. Near 1, weights are proportional to 1 / count. `balanced` is n / (K n_c) for a class
   * with n_c of n rows, K being the number of classes: scikit-learn's `class_weight`, whose mean over rows is 1.
   */
  beta: optional(betas(), 0.999),
});

export interface ClassBalanceOptions extends Written<ReturnType<typeof options>>, FromDescription {}

/**
 * Class-balanced weights (Cui et al., CVPR 2019, eq. 2 and section 4). The weight of a class with n rows is proportional to
 * (1 − β) / (1 − βⁿ), the inverse of its effective number of rows. The mean over classes is 1.
 *
 * A loss with the option `classBalance` computes them when a table is fitted. Call this function for rows that you encode yourself.
 *
 * @param counts the number of training rows of each class, in the order of the classes
 * @returns a weight for each class
 * @throws PolytaskError for a class without rows, for another β, and for an unknown option
 * @example
 * const classWeights = classBalancedWeights([9000, 900, 100], { beta: 0.999 }); // [0.2275, 0.3832, 2.3893]
 * multiclass({ classes: ['none', 'some', 'many'], loss: crossEntropy({ classWeights }) });
 */
export function classBalancedWeights(counts: ArrayLike<number>, given: ClassBalanceOptions = {}): number[] {
  const { beta } = readOptions(given, options(), 'classBalancedWeights');
  const all = Array.from(counts);
  if (all.length === 0 || !all.every((count) => count > 0 && count < Infinity)) {
    fail({
      expected: 'one training row or more of each class, for class-balanced weights',
      received: `the counts ${shown(all)}`,
      fix: 'Leave out classes without rows, or pass weights of your own.',
    });
  }
  const rows = sum(all);
  if (beta === 'balanced') return all.map((count) => rows / (all.length * count));
  const inverse = all.map((count) => -1 / Math.expm1(count * Math.log(beta))); // 1 / (1 − βⁿ)
  const middle = mean(inverse);
  return inverse.map((each) => each / middle);
}

/** The option of a loss with class-balanced weights. */
export const classBalanced = () => ({
  /**
   * β of {@link classBalancedWeights}, in [0, 1), or `balanced`, as in scikit-learn. The counts are those of the training rows, by sample
   * weight. When a table is fitted, the weights take the place of this option.
   */
  classBalance: optional(betas()),
});

type ClassBalanced = Read<ReturnType<typeof classBalanced>>;

/** Puts the weights in the place of `classBalance`. @throws PolytaskError when the caller gives the options that hold them, too */
export function withWeights<C extends ClassBalanced>(
  { classBalance: beta, ...config }: C,
  counts: readonly number[],
  optionsOf: (weights: readonly number[]) => Partial<C>,
): C {
  const found = beta === undefined ? {} : optionsOf(classBalancedWeights(counts, { beta }));
  const both = Object.keys(found).find((option) => option in config);
  if (both === undefined) return { ...config, ...found } as C;
  return fail({ expected: `classBalance or ${both} as an option of a loss`, received: 'both', fix: 'Leave one out.' });
}

/** @throws PolytaskError when no fit has put weights in the place of `classBalance` */
export function requireWeights({ classBalance: beta }: ClassBalanced): void {
  if (beta === undefined) return;
  fail({
    expected: `the counts of the classes, for a loss with classBalance: ${beta}`,
    received: 'a task that is not fitted to a table',
    fix: 'Fit a table, or pass weights from classBalancedWeights(counts).',
  });
}

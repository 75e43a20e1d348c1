import { fail, oneOf, optional, positive, share } from '@polytask/components';
import { unitOf } from '../label-types.ts';
import { labelOf } from '../task-kind.ts';
import type { Task } from '../tasks.ts';
import { defineGroupLoss } from './define.ts';
import type { GroupLoss } from './loss.ts';

/** The mean of log(1 + e^(−σ (zᵢ − zⱼ))) over the pairs of a group with yᵢ > yⱼ, by the product of their weights. */
const pairs =
  (sigma: number): GroupLoss =>
  (z, y, w, { maximum, mine, mul, others, sign, softplus, sub, sumOverGroup }) => {
    const isPair = maximum(sign(sub(mine(y), others(y))), 0);
    const weight = mul(isPair, mul(mine(w), others(w)));
    const gap = sub(others(z), mine(z));
    const losses = softplus(sigma === 1 ? gap : mul(gap, sigma));
    return { loss: sumOverGroup(mul(weight, losses)), weight: sumOverGroup(weight) };
  };

/**
 * Bayesian personalized ranking: −log σ(zᵢ − zⱼ), the mean over all pairs of a positive row i and a negative row j of one group in a batch
 * (Rendle et al., UAI 2009, section 4.1). Sample weights multiply. It learns an order, and no probabilities. The rows need groups.
 *
 * @example binary({ loss: bpr() })
 */
export const bpr = /* @__PURE__ */ defineGroupLoss('bpr', () => pairs(1), {
  tasks: ['binary'],
  description: 'log loss of pairs: a positive and a negative row of a group',
  paper: 'Rendle et al., UAI 2009, section 4.1',
});

/**
 * RankNet: log(1 + e^(−σ (zᵢ − zⱼ))), the mean over pairs of one group with yᵢ > yⱼ (Burges et al., ICML 2005, eq. 3, with a target
 * probability of 1). For yes/no labels and σ = 1 it is {@link bpr}. It learns an order, and no values. The rows need groups.
 *
 * @throws PolytaskError when `sigma` isn't above 0
 * @example regression({ from: 'stars', loss: rankNet() })
 */
export const rankNet = /* @__PURE__ */ defineGroupLoss('rank-net', ({ sigma }) => pairs(sigma), {
  tasks: ['binary', 'regression', 'count', 'share'],
  options: () => ({
    /** The steepness σ. */
    sigma: optional(positive, 1),
  }),
  description: 'log loss of pairs: the greater and the smaller label of a group',
  paper: 'Burges et al., ICML 2005, eq. 3',
});

/**
 * The joint loss of ranking and calibration (Sheng et al., KDD 2023): the mean over rows of α times the log loss of the label, plus
 * 1 − α times −log sᵢ. A row's share in its group is sᵢ = e^f(xᵢ)[yᵢ] / Σⱼ e^f(xⱼ)[yᵢ], over the rows j of the group, by sample weight. So an
 * order is learned, and predictions stay probabilities. The paper's network has two logits, f(x)[0] and f(x)[1], as
 * `multiclass({ classes: ['no', 'yes'] })` has. A binary task has one, z, and takes −z/2 and z/2. The rows need groups.
 *
 * @throws PolytaskError when `alpha` isn't in [0, 1]
 * @example binary({ loss: jrc({ alpha: 0.8 }) })
 */
export const jrc = /* @__PURE__ */ defineGroupLoss(
  'jrc',
  ({ alpha }, outputs) =>
    (z, y, w, { add, at, chosen, logLoss, logShare, logSoftmax, mul, neg, stack }) => {
      const byClass = outputs === 1 ? [mul(z, -0.5), mul(z, 0.5)] : Array.from({ length: outputs }, (_, c) => at(z, c));
      const ranking = neg(chosen(stack(byClass.map((logits) => logShare(logits, w))), y));
      const calibration = outputs === 1 ? logLoss(z, y) : neg(chosen(logSoftmax(z), y));
      return { loss: mul(w, add(mul(calibration, alpha), mul(ranking, 1 - alpha))), weight: w };
    },
  {
    tasks: ['binary', 'multiclass'],
    options: () => ({
      /** The weight α of the log loss, in [0, 1]; the loss within groups has 1 − α. */
      alpha: optional(share, 0.5),
    }),
    description: 'log loss, and the log loss of a row among the rows of its group',
    paper: 'Sheng et al., KDD 2023',
  },
);

/**
 * ListNet: −Σᵢ P(yᵢ) log P(zᵢ), the cross-entropy between the top-one probabilities of labels and of outputs (Cao et al., ICML 2007). P is
 * the softmax over the group, by sample weight, and the loss is the mean over groups of two rows or more. With `share` it is the softmax loss
 * (Bruch et al., ICTIR 2019), and a group without a positive label doesn't count. It learns an order, and no values. The rows need groups.
 *
 * @throws PolytaskError when `target` is unknown, or `share` is of labels that may be below 0
 * @example binary({ loss: listNet({ target: 'share' }) })
 */
export const listNet = /* @__PURE__ */ defineGroupLoss(
  'list-net',
  ({ target }) =>
    (z, y, w, { add, div, exp, logShare, mul, neg, others, sign, sub, sumOverGroup }) => {
      const total = sumOverGroup(others(w));
      const isSeveral = sign(sub(total, w)); // 0 for a row that is alone
      const gain = sumOverGroup(others(mul(w, y)));
      const counts = target === 'share' ? mul(isSeveral, sign(gain)) : isSeveral;
      const onTop = target === 'share' ? div(mul(w, y), add(gain, sub(1, sign(gain)))) : exp(logShare(y, w));
      return {
        loss: neg(mul(counts, mul(onTop, logShare(z, w)))),
        weight: mul(counts, div(w, add(total, sub(1, sign(total))))), // 1 for a group
      };
    },
  {
    tasks: ['binary', 'regression', 'count', 'share'],
    options: () => ({
      /**
       * The probability that a row should be on top: `softmax` of the labels (the paper), or `share`, the label over the sum of labels,
       * which needs labels of 0 or more.
       */
      target: optional(oneOf('softmax', 'share'), 'softmax'),
    }),
    fits: ({ target }, task, where) => target !== 'share' || checkNotNegative(task, where),
    description: 'cross-entropy of the row on top of a group',
    paper: 'Cao et al., ICML 2007',
  },
);

function checkNotNegative(task: Task, where: string): void {
  const { minimum = -Infinity, scale } = unitOf(labelOf(task));
  if (minimum >= 0 && scale !== 'standard') return;
  fail({
    expected: `labels of 0 or more for the target "share" of ${where}`,
    received: `a ${task.kind} task`,
    fix: "Take listNet({ target: 'softmax' }).",
  });
}

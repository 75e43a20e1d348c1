import { fail, oneOf, optional } from '@polytask/components';
import { labelOf } from '../task-kind.ts';
import type { Task } from '../tasks.ts';
import { defineGroupLoss } from './group-loss.ts';

export interface ListNetConfig {
  /**
   * The probability that a row should be on top: `softmax` of the labels (the paper), or `share`, the label over the sum of labels,
   * which needs labels of 0 or more. Default `softmax`.
   */
  readonly target?: 'softmax' | 'share';
}

/**
 * ListNet: −Σᵢ P(yᵢ) log P(zᵢ), the cross-entropy between the top-one probabilities of labels and of outputs (Cao et al., ICML 2007). P is
 * the softmax over the group, and the loss is the mean over groups. With `share` it is the softmax loss
 * (Bruch et al., ICTIR 2019), and a group without a positive label doesn't count. A row counts in its group as often as its sample weight
 * says. A group of one row doesn't count.
 *
 * It learns an order, and no values in the unit of the label. The rows need groups.
 *
 * @throws PolytaskError when `target` is unknown, or `share` is of labels that may be below 0
 * @example binary({ loss: listNet({ target: 'share' }) })
 */
export const listNet = /* @__PURE__ */ defineGroupLoss<ListNetConfig>(
  'list-net',
  ({ target = 'softmax' }) =>
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
    options: () => ({ target: optional(oneOf('softmax', 'share')) }),
    fits: ({ target }, task, where) => target !== 'share' || checkNotNegative(task, where),
    description: 'cross-entropy of the row on top of a group',
    paper: 'Cao et al., ICML 2007',
    package: '@polytask/core',
  },
);

function checkNotNegative(task: Task, where: string): void {
  const label = labelOf(task);
  if (label.type !== 'number' || (label.minimum !== undefined && label.minimum >= 0 && label.scale !== 'standard'))
    return;
  fail({
    expected: `labels of 0 or more for the target "share" of ${where}`,
    received: `a ${task.kind} task`,
    mend: "Take listNet({ target: 'softmax' }).",
  });
}

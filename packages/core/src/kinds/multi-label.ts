import { fail, listOf, oneOf, optional, type Read, type RowMath, shown, text } from '@polytask/components';
import { logOf } from '../tasks/binary.ts';
import { MOST_LABELS } from '../tasks/labels.ts';
import { defineLoss, defineTask } from './define.ts';
import type { Fitted } from '../tasks/tasks.ts';

const options = {
  /** The labels in the order of the logits, from 2 to 24. Without them, those of the training rows. */
  labels: optional(listOf(text, 2)),
  /** The text between two labels of a cell. */
  separator: optional(text, '|'),
  /** An empty cell is a missing label (`missing`), or a row that has none of the labels (`none`). */
  empty: optional(oneOf('missing', 'none'), 'missing'),
  /** Labels of a cell that `labels` lacks are an error (`refused`, as without this option), or don't count (`left-out`). */
  others: optional(oneOf('refused', 'left-out')),
};

function checkLabels({ labels, others }: Read<typeof options>, where: string): void {
  if (!labels && others !== undefined) {
    fail({
      expected: `the labels to predict for ${where}, with others: "${others}"`,
      received: 'none',
      fix: `Declare them: multiLabel({ labels: ['a', 'b', …], others: '${others}' }).`,
    });
  }
  if (!labels || (labels.length <= MOST_LABELS && new Set(labels).size === labels.length)) return;
  fail({
    expected: `at most ${MOST_LABELS} labels, each once, for ${where}`,
    received: `${labels.length}: ${shown(labels)}`,
    fix: "Declare fewer, and leave the rest out: others: 'left-out'. A second task of the same column can have the rest.",
  });
}

/**
 * Declares a task whose cells hold several labels, such as the genres of a film: a list, or one text with a separator. There is one logit
 * for each label. The prediction is a probability for each label, row-major [rows × labels], without a fixed sum. A fit finds the share of rows
 * with each label. An encoded label is the sum of 2ⁱ over the labels i of the row. So a task has at most 24: 32 bits hold integers up to 2²⁴.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example multiLabel({ from: 'genres', labels: ['comedy', 'drama', 'war'], separator: ',' })
 */
export const multiLabel = defineTask(
  'multi-label',
  ({ labels, separator, empty, others = 'refused' }) => ({
    label: { type: 'labels', labels, separator, empty, others },
    prediction: { type: 'labels', names: labels ?? [] },
    loss: () => multiLabelCrossEntropy(),
    predict: (z, { sigmoid }) => sigmoid(z),
    link: 'logit',
    boosting: { objective: 'binary', label: (encoded, i) => Math.floor(encoded / 2 ** i) % 2 },
    start: logitsOfShares,
    metrics: ['auc', 'logLoss'],
  }),
  {
    options,
    check: checkLabels,
    description: 'several labels in a cell, such as genres or tags',
    paper: 'Tsoumakas and Katakis, IJDWM 2007 (binary relevance)',
  },
);

/** The outputs of the best constant prediction, one logit for each share. */
export const logitsOfShares = ({ shares }: Required<Fitted>): number[] =>
  shares.map((share) => logOf(share) - logOf(1 - share));

/**
 * The mean over labels of the log loss, with y = 1 for the labels of a row and y = 0 for the others. It is the loss of a
 * {@link multiLabel} task.
 *
 *     1/L Σⱼ softplus(zⱼ) − zⱼ yⱼ
 *
 * @example multiLabel({ loss: multiLabelCrossEntropy() })
 */
export const multiLabelCrossEntropy = defineLoss(
  'multi-label-cross-entropy',
  (_, outputs) => (z, y, math) => math.mean(math.logLoss(z, math.stack(bitsOf(y, math, outputs)))),
  {
    tasks: ['multi-label'],
    description: 'mean log loss of several labels',
  },
);

/** The bits of a whole number, the lowest first; the highest comes off first. All steps are exact in 32 bits for up to 24 bits. */
function bitsOf<V>(y: V, { maximum, mul, sign, sub }: RowMath<V>, count: number): V[] {
  const bits: V[] = [];
  for (let rest = y, i = count - 1; i >= 0; i--) {
    const bit = maximum(sign(sub(rest, 2 ** i - 0.5)), 0);
    bits.unshift(bit);
    rest = sub(rest, mul(bit, 2 ** i));
  }
  return bits;
}

import { oneOf, optional, type OutputMath, sum } from '@polytask/components';
import { logOf } from '../tasks/binary.ts';
import { classNames } from '../tasks/multiclass.ts';
import { passedByTask } from '../tasks/task-kind.ts';
import { defineLoss, defineTask } from './define.ts';

/** How outputs become the probabilities of classes that have an order. */
export type OrdinalLink = 'cumulative' | 'corn';

const options = {
  /** The classes, the least one first. Without them, those of the training rows if all are numbers. */
  classes: optional(classNames),
  /**
   * `cumulative`: the logits of "greater than class j", which fall from step to step (McCullagh, Journal of the Royal
   * Statistical Society B 1980). Each row has its own steps.
   *
   * `corn`: the logits of "greater than class j, if greater than the class before" (Shi et al., Pattern Analysis and Applications 2023).
   */
  link: optional(oneOf('cumulative', 'corn'), 'cumulative'),
};

/**
 * Declares a task of classes that have an order, such as grades: one output for each step between two classes. The prediction is the
 * probabilities of the classes, row-major [rows × classes]. A fit finds the share of each class.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example ordinal({ from: 'stars', classes: ['1', '2', '3', '4', '5'] })
 */
export const ordinal = defineTask(
  'ordinal',
  ({ classes, link }) => ({
    label: { type: 'class', classes, ordered: true },
    prediction: { type: 'probabilities', names: classes ?? [] },
    outputs: () => (classes?.length ?? 0) - 1,
    loss: () => ordinalLikelihood({ link }),
    predict: (z, math) =>
      math.stack(logProbabilities(z, math, (classes?.length ?? 0) - 1, link).map((each) => math.exp(each))),
    start: ({ shares }) => startOf(shares, link),
    metrics: ['accuracy', 'logLoss'],
  }),
  {
    options,
    description: 'classes that have an order, such as grades',
    paper: 'McCullagh, JRSS B 1980; Shi et al., Pattern Analysis and Applications 2023',
  },
);

const likelihoodOptions = {
  /** The link of the task. */
  link: oneOf('cumulative', 'corn'),
};

/**
 * The log loss of classes that have an order: −log p of the class. It is the loss of an {@link ordinal} task, which passes its link.
 *
 * @throws PolytaskError for an unknown link
 * @example lossOf(ordinal({ classes: ['low', 'high'] })) // that of { link: 'cumulative' }
 */
export const ordinalLikelihood = defineLoss(
  'ordinal-likelihood',
  ({ link }, outputs) =>
    (z, y, math) =>
      math.neg(math.chosen(math.stack(logProbabilities(z, math, outputs, link)), y)),
  {
    tasks: ['ordinal'],
    options: likelihoodOptions,
    fits: passedByTask,
    description: 'log loss of classes that have an order',
  },
);

/**
 * log p of each class. With logits aⱼ of "greater than class j":
 *
 *     p = σ(aⱼ₋₁) − σ(aⱼ) = σ(aⱼ₋₁) σ(−aⱼ) (1 − e^−d)
 *
 * The difference of the logits is d = softplus(zⱼ), for which 1 − e^−d = σ(zⱼ).
 *
 * @param steps the number of outputs: one for each step between two classes
 */
function logProbabilities<V>(z: V, math: OutputMath<V>, steps: number, link: OrdinalLink): V[] {
  const { add, at, neg, softplus, sub } = math;
  const logSigmoid = (a: V) => neg(softplus(neg(a)));
  const outputs = Array.from({ length: steps }, (_, j) => (steps === 1 ? z : at(z, j)));
  const logs = [logSigmoid(neg(outputs[0]!))];
  let [logit, above]: [V, V] = [outputs[0]!, logSigmoid(outputs[0]!)]; // above: log of the probability of all later classes
  for (const output of outputs.slice(1)) {
    if (link === 'corn') {
      logs.push(add(above, logSigmoid(neg(output))));
      above = add(above, logSigmoid(output));
    } else {
      logit = sub(logit, softplus(output));
      logs.push(add(above, add(logSigmoid(neg(logit)), logSigmoid(output))));
      above = logSigmoid(logit);
    }
  }
  return [...logs, above];
}

/** The outputs whose probabilities are these shares. */
function startOf(shares: readonly number[], link: OrdinalLink): number[] {
  const above = (j: number) => sum(shares.slice(j + 1));
  const logit = (share: number) => logOf(share) - logOf(1 - share);
  return shares.slice(1).map((_, j) => {
    if (j === 0) return logit(above(0));
    if (link === 'corn') return logit(above(j) / Math.max(1e-9, above(j - 1)));
    const difference = Math.max(1e-3, logit(above(j - 1)) - logit(above(j)));
    return Math.log(Math.expm1(difference)); // the inverse of softplus
  });
}

import type { OutputMath } from '@polytask/components';
import { defineLoss, defineTask } from './define.ts';
import type { Fitted } from '../tasks/tasks.ts';

/**
 * Declares a task that predicts an amount of which many are 0 and a few are large, such as what a customer will spend, as a zero-inflated
 * lognormal distribution. It has three outputs: the logit of "more than 0", and the mean and the deviation of the logarithm of larger
 * amounts. The prediction is the mean in the label's own unit, [rows]. The mean of the training rows divides labels.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example amount({ from: 'spent_in_a_year' })
 */
export const amount = defineTask(
  'amount',
  () => ({
    label: { type: 'number', scale: 'mean', minimum: 0 },
    prediction: { type: 'number' },
    outputs: () => 3,
    loss: () => zeroInflatedLognormal(),
    predict(z, math) {
      const { add, at, exp, minimum, mul, sigmoid, square } = math;
      const logMean = add(at(z, 1), mul(square(deviationOf(z, math)), 0.5));
      return mul(sigmoid(at(z, 0)), exp(minimum(logMean, LARGEST)));
    },
    start: startOf,
    metrics: ['rmse', 'mae'],
  }),
  {
    description: 'an amount of which many are 0 and a few are large',
    paper: 'Wang, Liu and Miao 2019, "A deep probabilistic model for customer lifetime value prediction"',
  },
);

/** Logarithms of means above it are cut: e³⁰ times the mean label is no prediction. */
const LARGEST = 30;
/** Deviations of logarithms are at least this large, so that one label can't have an infinite likelihood. */
const LEAST = 0.01;

const deviationOf = <V>(z: V, { at, maximum, softplus }: OutputMath<V>): V => maximum(softplus(at(z, 2)), LEAST);

/**
 * The negative log-likelihood of a zero-inflated lognormal distribution (Wang, Liu and Miao 2019, eq. 5). It is the log loss of "more than
 * 0". For labels that are more, it adds log y + log σ + ½ log 2π + (log y − μ)² / 2σ².
 *
 * @example amount({ loss: zeroInflatedLognormal() })
 */
export const zeroInflatedLognormal = defineLoss(
  'zero-inflated-lognormal',
  () => (z, y, math) => {
    const { add, at, div, log, logLoss, maximum, mul, sign, square, sub } = math;
    const positive = sign(y);
    const logLabel = log(maximum(y, 1e-30));
    const deviation = deviationOf(z, math);
    const distance = square(div(sub(logLabel, at(z, 1)), deviation));
    const density = add(add(logLabel, log(deviation)), add(mul(distance, 0.5), Math.log(2 * Math.PI) / 2));
    return add(logLoss(at(z, 0), positive), mul(positive, density));
  },
  {
    tasks: ['amount'],
    also: ['ziln'],
    description: 'likelihood of 0, or of a lognormal amount',
    paper: 'Wang, Liu and Miao 2019, eq. 5',
  },
);

/** The outputs whose distribution has the share above 0, the mean and the standard deviation of the labels, in means. */
function startOf({ mean, deviation, rate = 0.5 }: Required<Fitted>): number[] {
  const share = Math.min(1 - 1e-5, Math.max(1e-5, rate));
  const square = (1 + (deviation / mean) ** 2) * share; // the mean square over the squared mean, of labels above 0
  const variance = Math.log(Math.max(square, 1 + 1e-4));
  const sigma = Math.sqrt(variance);
  return [
    Math.log(share / (1 - share)),
    -Math.log(share) - variance / 2,
    sigma > 30 ? sigma : Math.log(Math.expm1(sigma)),
  ];
}

import { number, optional } from '@polytask/components';
import { gammaDeviance, poissonDeviance, tweedieDeviance } from '@polytask/components/arithmetic';
import { defineLoss, defineTask } from './define.ts';

/**
 * Declares a task that predicts a number of 0 or more whose mean grows by factors, such as how often something happens: one output, the
 * logarithm of the mean (a log link). The prediction is the mean in the label's own unit, [rows]. The mean of the training rows divides labels.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example count({ from: 'visits' })
 */
export const count = defineTask(
  'count',
  () => ({
    label: { type: 'number', scale: 'mean', minimum: 0 },
    prediction: { type: 'number' },
    loss: () => poisson(),
    predict: (z, { exp, minimum }) => exp(minimum(z, 40)),
    link: 'log',
    boosting: { objective: 'poisson' },
    start: () => [0],
    metrics: ['rmse', 'mae'],
  }),
  { description: 'a number of 0 or more, such as how often something happens' },
);

/**
 * Half the deviance of a Poisson distribution: eᶻ − y z + y log y − y. Its best prediction is the mean, also where labels
 * are no integers. 0 is perfect.
 *
 * @example count({ loss: poisson() })
 */
export const poisson = defineLoss('poisson', () => poissonDeviance, {
  tasks: ['count'],
  description: 'half the Poisson deviance',
});

/**
 * Half the deviance of a gamma distribution: z + y e⁻ᶻ − log y − 1. For amounts above 0 whose standard deviation grows with
 * their mean. Its best prediction is the mean. 0 is perfect.
 *
 * @example count({ loss: gamma() })
 */
export const gamma = defineLoss('gamma', () => gammaDeviance, {
  tasks: ['count'],
  description: 'half the gamma deviance; for labels above 0',
});

const ofTweedie = {
  /** How the variance grows with the mean: variance = φ meanᵖ. Between 1 (Poisson) and 2 (gamma). */
  power: optional(number({ above: 1, below: 2 }), 1.5),
};

/**
 * Half the deviance of a Tweedie distribution, for amounts of which many are 0, such as claims (Jørgensen, Journal of the Royal
 * Statistical Society B 1987). Its best prediction is the mean. 0 is perfect.
 *
 *     y²⁻ᵖ / ((1−p)(2−p)) − y e^((1−p) z) / (1−p) + e^((2−p) z) / (2−p)
 *
 * @throws PolytaskError when `power` isn't between 1 and 2
 * @example count({ from: 'claims', loss: tweedie({ power: 1.7 }) })
 */
export const tweedie = defineLoss('tweedie', ({ power }) => tweedieDeviance(power), {
  tasks: ['count'],
  options: ofTweedie,
  description: 'half the Tweedie deviance: amounts of which many are 0',
  paper: 'Jørgensen, JRSS B 1987',
});

import { checks } from '@polytask/core';
import { defineSchedule } from '@polytask/training';

const options = {
  /** The largest learning rate, at the end of the warm-up. */
  peak: checks.optional(checks.positive, 1e-2),
  /** The steps of the warm-up. */
  warmup: checks.optional(checks.wholeNumber(1), 20),
};

/**
 * peak · min(t / warmup, √(warmup / t)) at step t = 1, 2, …: a linear rise, then the inverse root (Vaswani et al., 2017). Replace the
 * equation by yours. It is a pure function of its options and the clock.
 *
 * @throws PolytaskError when `peak` isn't above 0, `warmup` is no whole number of 1 or more, or an option is unknown
 * @example adam(myComponent({ peak: 1e-2, warmup: 100 }))
 */
export const myComponent = defineSchedule(
  'my-package/my-component',
  ({ peak, warmup }, { step }) => peak * Math.min((step + 1) / warmup, Math.sqrt(warmup / (step + 1))),
  {
    description: 'a linear rise, then the inverse root',
    paper: 'Vaswani et al., 2017',
    package: 'my-package',
    options,
  },
);

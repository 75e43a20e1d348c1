import { optional, positive } from '@polytask/components';
import { absoluteError, huberLoss, squaredError } from '@polytask/components/arithmetic';
import { defineLoss } from './define.ts';

/** The squared error, in squared standard deviations of the label. @example regression({ loss: mse() }) // the default */
export const mse = /* @__PURE__ */ defineLoss('mse', () => squaredError, {
  tasks: ['regression'],
  also: ['squared', 'l2'],
  description: 'squared error',
});

/** The absolute error, in standard deviations of the label. Its best constant is the median. @example regression({ loss: mae() }) */
export const mae = /* @__PURE__ */ defineLoss('mae', () => absoluteError, {
  tasks: ['regression'],
  also: ['absolute', 'l1'],
  description: 'absolute error',
});

/**
 * Huber's loss: ½ e² up to an error of δ, and δ (|e| − ½ δ) above (Huber, Annals of Mathematical Statistics 1964, eq. 1).
 *
 * @throws PolytaskError when `delta` isn't above 0
 * @example regression({ loss: huber({ delta: 2 }) })
 */
export const huber = /* @__PURE__ */ defineLoss('huber', ({ delta }) => huberLoss(delta), {
  tasks: ['regression'],
  options: () => ({
    /** The error from which on the loss is linear, in standard deviations of the label. */
    delta: optional(positive, 1),
  }),
  description: 'squared error up to delta, linear above',
  paper: 'Huber, Annals of Mathematical Statistics 1964',
});

/**
 * The logarithm of the hyperbolic cosine of the error: ½ e² for small errors, |e| − log 2 for large ones, and smooth everywhere.
 *
 * @example regression({ loss: logCosh() })
 */
export const logCosh = /* @__PURE__ */ defineLoss(
  'log-cosh',
  () =>
    (z, y, { add, mul, softplus, sub }) => {
      const error = sub(z, y);
      return sub(add(error, softplus(mul(error, -2))), Math.LN2); // log cosh e = e + log(1 + e^−2e) − log 2
    },
  { tasks: ['regression'], description: 'log cosh of the error' },
);

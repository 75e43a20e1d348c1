import { checks, defineLoss } from '@polytask/core';

const options = {
  /** The error, in standard deviations of the label, from which on a row counts less. */
  scale: checks.optional(checks.positive, 1),
};

/**
 * log(1 + (e / scale)²), with the error e = z − y of a regression. Replace the equation by yours.
 *
 * @throws PolytaskError when `scale` isn't above 0, or an option is unknown
 * @example regression({ loss: myComponent({ scale: 2 }) })
 */
export const myComponent = defineLoss(
  'my-package/my-component',
  ({ scale }) =>
    (z, y, { add, div, log, square, sub }) =>
      log(add(square(div(sub(z, y), scale)), 1)),
  {
    tasks: ['regression'],
    description: 'the logarithm of 1 and the squared error',
    package: 'my-package',
    options,
  },
);

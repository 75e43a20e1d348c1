import { checks, defineLoss } from '@polytask/core';

export interface MyComponentOptions {
  /** The error, in standard deviations of the label, from which on a row counts less. Default 1. */
  scale?: number;
}

/**
 * log(1 + (e / scale)²), with the error e = z − y of a regression. Replace the equation by yours.
 *
 * @throws PolytaskError when `scale` isn't above 0, or an option is unknown
 * @example regression({ loss: myComponent({ scale: 2 }) })
 */
export const myComponent = defineLoss<MyComponentOptions>(
  'my-package/my-component',
  ({ scale = 1 }) =>
    (z, y, { add, div, log, square, sub }) =>
      log(add(square(div(sub(z, y), scale)), 1)),
  {
    tasks: ['regression'],
    description: 'the logarithm of 1 and the squared error',
    package: 'my-package',
    options: () => ({ scale: checks.optional(checks.number('a number above 0', (value) => value > 0)) }),
  },
);

import { checks, defineLoss } from '@polytask/core';

export interface CauchyOptions {
  /** The error, in deviations of the label, from which on rows count less and less. Default 1. */
  scale?: number;
}

/**
 * Cauchy's loss: ½ s² log(1 + (e / s)²). A label that is far off hardly counts (Barron, CVPR 2019, table 1: α = 0).
 *
 * @throws PolytaskError when `scale` isn't above 0
 * @example regression({ loss: cauchy({ scale: 2 }) })
 */
export const cauchy = defineLoss<CauchyOptions>(
  'outside-package/cauchy',
  ({ scale = 1 }) =>
    (z, y, { add, div, log, mul, square, sub }) =>
      mul(log(add(square(div(sub(z, y), scale)), 1)), scale ** 2 / 2),
  {
    tasks: ['regression'],
    options: () => ({ scale: checks.optional(checks.number('a number above 0', (value) => value > 0)) }),
    description: 'logarithm of the squared error',
    paper: 'Barron, CVPR 2019',
    package: 'outside-package',
  },
);

import { checks, defineLoss } from '@polytask/core';

const options = {
  /** The error, in deviations of the label, from which on rows count less and less. */
  scale: checks.optional(checks.positive, 1),
};

/**
 * Cauchy's loss: ½ s² log(1 + (e / s)²). A label that is far off hardly counts (Barron, CVPR 2019, table 1: α = 0).
 *
 * @throws PolytaskError when `scale` isn't above 0
 * @example regression({ loss: cauchy({ scale: 2 }) })
 */
export const cauchy = defineLoss(
  'outside-package/cauchy',
  ({ scale }) =>
    (z, y, { add, div, log, mul, square, sub }) =>
      mul(log(add(square(div(sub(z, y), scale)), 1)), scale ** 2 / 2),
  {
    tasks: ['regression'],
    options,
    description: 'logarithm of the squared error',
    paper: 'Barron, CVPR 2019',
    package: 'outside-package',
  },
);

import { number } from '@polytask/components';
import { defineLoss } from './loss.ts';

const options = {
  /** The share of labels that shall lie below the prediction, in (0, 1). */
  q: number({ above: 0, below: 1 }),
};

/**
 * The pinball loss: max(q (y − z), (q − 1) (y − z)). Its best prediction is the label's quantile q (Koenker and Bassett,
 * Econometrica 1978).
 *
 * @throws PolytaskError when `q` isn't in (0, 1)
 * @example regression({ loss: quantile({ q: 0.9 }) })
 */
export const quantile = /* @__PURE__ */ defineLoss(
  'quantile',
  ({ q }) =>
    (z, y, { maximum, mul, sub }) => {
      const under = sub(y, z);
      return maximum(mul(under, q), mul(under, q - 1));
    },
  {
    tasks: ['regression'],
    options,
    description: 'pinball loss of a quantile',
    paper: 'Koenker and Bassett, Econometrica 1978',
    package: '@polytask/core',
  },
);

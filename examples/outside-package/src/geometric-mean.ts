import { defineLossBalancer } from '@polytask/balancing';

/** Smaller losses would get weights without limit. */
const SMALLEST = 1e-8;

/**
 * Geometric loss strategy (Chennupati et al. 2019, eq. 3): the loss (Π_i L_i)^(1/T). Its gradient is Σ_i w_i ∇L_i with
 * w_i = (Π L)^(1/T) / (T L_i). Tasks without a label in the batch are left out.
 *
 * @example
 * createBalancer(geometricMean(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 4] }); // [1, 0.25]
 */
export const geometricMean = defineLossBalancer(
  'outside-package/geometric-mean',
  {
    needsLosses: true,
    start: () => null,
    weights(_state, _config, _moment, { losses, present }) {
      const logs = losses.filter((_, i) => present[i]).map((loss) => Math.log(Math.max(loss, SMALLEST)));
      const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
      return losses.map((loss, i) => (present[i] ? mean / (logs.length * Math.max(loss, SMALLEST)) : 0));
    },
  },
  {
    description: 'minimizes the geometric mean of the losses',
    paper: 'Chennupati et al., CVPR Workshops 2019, eq. 3',
    package: 'outside-package',
  },
);

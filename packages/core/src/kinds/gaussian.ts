import { erf, flag, optional, type OutputMath } from '@polytask/components';
import { defineLoss, defineTask } from './define.ts';
import { metricsOf, ofQuantiles } from './quantiles.ts';

/** Deviations are larger than this, so that one label can't have an infinite likelihood. */
const LEAST = 0.01;

const options = {
  ...ofQuantiles,
  /** As for `regression`: trains on sign(y)·log(1 + |y|), so that ranges are wider where labels are larger. */
  log: optional(flag, false),
};

/**
 * Declares a task that predicts a number with its standard deviation, which may differ from row to row (Nix and Weigend, ICNN 1994): two
 * outputs, the mean and the deviation of a normal distribution. The prediction has quantiles of this distribution in the label's own unit,
 * row-major [rows × quantiles], ascending in each row.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example gaussian({ from: 'delivery_days', levels: [0.05, 0.5, 0.95] })
 */
export const gaussian = defineTask(
  'gaussian',
  ({ levels, log }) => ({
    label: { type: 'number', log, scale: 'standard' },
    prediction: { type: 'quantiles', names: levels.map(String) },
    outputs: () => 2,
    loss: () => gaussianNll(),
    predict(z, math) {
      const [mean, deviation] = [math.at(z, 0), deviationOf(z, math)];
      const values = levels.map((level) => math.add(mean, math.mul(deviation, normalQuantile(level))));
      return values.length === 1 ? values[0]! : math.stack(values);
    },
    start: () => [0, Math.log(Math.expm1(1 - LEAST))], // the mean and the deviation of standardized labels
    metrics: metricsOf(levels),
  }),
  {
    options,
    description: 'a number with a deviation of its own in each row, as a normal distribution',
    paper: 'Nix and Weigend, ICNN 1994',
  },
);

const deviationOf = <V>(z: V, { add, at, softplus }: OutputMath<V>): V => add(softplus(at(z, 1)), LEAST);

/**
 * The negative log likelihood of a normal distribution (Nix and Weigend, ICNN 1994): ½ ((y − μ) / σ)² + log σ + ½ log 2π, of a
 * standardized label y. It is the loss of a {@link gaussian} task.
 *
 * @example gaussian({ loss: gaussianNll() })
 */
export const gaussianNll = defineLoss(
  'gaussian-nll',
  () => (z, y, math) => {
    const { add, at, div, log, mul, square, sub } = math;
    const deviation = deviationOf(z, math);
    const distance = square(div(sub(y, at(z, 0)), deviation));
    return add(add(mul(distance, 0.5), log(deviation)), Math.log(2 * Math.PI) / 2);
  },
  {
    tasks: ['gaussian'],
    also: ['gaussian-likelihood'],
    description: 'likelihood of a normal distribution',
    paper: 'Nix and Weigend, ICNN 1994',
  },
);

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** The probability that a standard normal number is below z. */
const below = (z: number): number => 0.5 + erf(z * Math.SQRT1_2) / 2;

/** Quantiles by level. They are computed once, because evaluation predicts row by row. */
const quantiles = new Map<number, number>();

/** Φ⁻¹ by Newton's method, whose steps only go up, because `below` is concave. */
function normalQuantile(level: number): number {
  if (level < 0.5) return -normalQuantile(1 - level);
  let z = quantiles.get(level);
  if (z !== undefined) return z;
  z = 0;
  for (let step = Infinity; step > 1e-12; z += step) step = (level - below(z)) / density(z);
  quantiles.set(level, z);
  return z;
}

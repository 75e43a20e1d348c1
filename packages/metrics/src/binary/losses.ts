import { requireBetween } from '../metric-error.ts';
import type { Metric } from '../metric.ts';
import { measuring } from '../state/measure.ts';
import { meanMetric, one, sumMetric, weighted } from '../state/sum-metric.ts';
import { type MetricRows, weightedMeans } from '../input/rows.ts';

export interface LogLossOptions {
  /** Probabilities are clipped to [epsilon, 1 − epsilon]. Default 1e-7, so a row costs at most 16.2 nats. */
  readonly epsilon?: number | undefined;
}

export const DEFAULT_EPSILON = 1e-7;

/** The function of a metric of clipped probabilities. @param where its name in error messages */
export const clipping = <const Name extends string>(where: string, metricOf: (epsilon: number) => Metric<Name>) =>
  measuring(where, ({ epsilon = DEFAULT_EPSILON }: LogLossOptions) => {
    requireBetween(where, 'epsilon', epsilon, 0, 0.5);
    return metricOf(epsilon);
  });

/** −log of the clipped probability of the label, in nats. */
export const surprise = (probability: number, epsilon: number): number =>
  -Math.log(Math.min(1 - epsilon, Math.max(epsilon, probability)));

const rowLogLoss =
  (epsilon: number) =>
  ({ labels, predictions }: MetricRows, i: number): number =>
    surprise(labels[i] === 1 ? predictions[i]! : 1 - predictions[i]!, epsilon);

export const labelOf = ({ labels }: MetricRows, i: number): number => labels[i]!;

/**
 * Mean binary cross-entropy −(y log p + (1 − y) log(1 − p)), in nats.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1], clipped to [epsilon, 1 − epsilon]
 * @returns >= 0. Log 2 = .693 for p = ½ everywhere. Defined for one class. NaN without rows (or weight)
 * @example
 * logLoss([1, 0, 1], [0.9, 0.2, 0.6]); // 0.279777
 */
export const logLoss = /* @__PURE__ */ clipping('logLoss', (epsilon) =>
  meanMetric({
    name: 'logLoss',
    label: 'log loss',
    measured: 'named',
    description: 'the mean negative log-likelihood',
    direction: 'lower',
    task: 'binary',
    config: { epsilon },
    valueOf: rowLogLoss(epsilon),
  }),
);

/**
 * The Brier score: the mean of (p − y)². Like the log loss, its expectation is smallest for the true probabilities. A row costs
 * at most 1.
 *
 * Paper: Brier 1950, "Verification of forecasts expressed in terms of probability". Brier sums over both classes, which gives
 * twice this value.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [0, 1]. .25 for p = ½ everywhere. Defined for one class. NaN without rows (or weight)
 * @example
 * brierScore([1, 0, 1], [0.9, 0.2, 0.6]); // 0.07
 */
export const brierScore = /* @__PURE__ */ measuring('brier', () =>
  meanMetric({
    name: 'brier',
    label: 'Brier',
    also: ['brierScore'],
    measured: 'named',
    description: 'the mean of (p − y)²',
    paper: 'Brier 1950',
    direction: 'lower',
    range: [0, 1],
    task: 'binary',
    valueOf: ({ labels, predictions }, i) => (predictions[i]! - labels[i]!) ** 2,
  }),
);

/** The entropy −Σ s log s of shares, in nats. 0 log 0 is 0. */
export const entropyOf = (shares: ArrayLike<number>): number => {
  let entropy = 0;
  for (let e = 0; e < shares.length; e++) if (shares[e]! > 0) entropy -= shares[e]! * Math.log(shares[e]!);
  return entropy;
};

/** The log loss of always predicting the base rate, which is neither 0 nor 1. */
export const entropy = (rate: number): number => -(rate * Math.log(rate) + (1 - rate) * Math.log1p(-rate));

/**
 * The normalized entropy: the mean log loss / the log loss of always predicting the base rate of the evaluated rows. Tasks
 * with different base rates become comparable. Below 1, the model is better than the base rate.
 *
 * Paper: He et al. 2014, "Practical lessons from predicting clicks on ads at Facebook", eq. (1).
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1], clipped to [epsilon, 1 − epsilon]
 * @returns >= 0. NaN if only one class has weight (the base rate then has no entropy)
 * @example
 * normalizedEntropy([1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]); // 1
 * normalizedEntropy([1, 0, 0, 0], [0.7, 0.1, 0.2, 0.1]); // 0.351454
 */
export const normalizedEntropy = /* @__PURE__ */ clipping('normalizedEntropy', (epsilon) =>
  sumMetric({
    name: 'ne',
    label: 'NE',
    also: ['normalizedEntropy'],
    description: 'log loss over that of the base rate: below 1 is better than a constant',
    paper: 'He et al. 2014',
    direction: 'lower',
    task: 'binary',
    config: { epsilon },
    constant: weightedMeans((label) => label),
    ...weighted(rowLogLoss(epsilon), labelOf, one),
    compute: ([loss, positives, weight]) => {
      const rate = positives! / weight!;
      return rate > 0 && rate < 1 ? loss! / weight! / entropy(rate) : NaN;
    },
  }),
);

import { notNegative, positive } from '@polytask/components';
import { defineLossBalancer, type BalancerSpec } from '../define.ts';
import { ofTasks, taskNumbers, type TaskNumbers } from '../options.ts';

/** Options of {@link decayingWeights}. */
export interface DecayingWeightsOptions {
  /** ω_0: the weights in the first epoch. Default 1. */
  weights?: TaskNumbers;
  /** γ: the factor of a weight after each epoch. */
  rate: TaskNumbers;
}

interface Start {
  readonly [key: string]: readonly number[];
  readonly weights: readonly number[];
  readonly rate: readonly number[];
}

/**
 * Decaying weights, as in PLE (Tang et al., RecSys 2020, eq. 10): ω_k = ω_k,0 · γ_k^t in epoch t, counted from 0.
 *
 * @throws PolytaskError when a weight is negative or a rate is not above 0
 * @example
 * createBalancer(decayingWeights({ rate: { a: 0.5, b: 1 } }), { tasks: ['a', 'b'], random })
 *   .weights({ step: 9, epoch: 2 }); // [0.25, 1]
 */
export const decayingWeights: (options: DecayingWeightsOptions) => BalancerSpec<'losses'> = defineLossBalancer<
  Required<DecayingWeightsOptions>,
  Start
>(
  'decaying-weights',
  {
    start: ({ weights, rate }, tasks) => ({
      weights: ofTasks(weights, tasks, 'decaying-weights.weights'),
      rate: ofTasks(rate, tasks, 'decaying-weights.rate'),
    }),
    weights: ({ weights, rate }, _config, { epoch }) => weights.map((weight, i) => weight * rate[i]! ** epoch),
  },
  {
    description: "PLE's schedule, at one rate: all weights shrink by a tenth each epoch",
    paper: 'Tang et al., RecSys 2020',
    package: '@polytask/balancing',
    variants: { 'decaying-weights': { config: { rate: 0.9 } } },
    options: { weights: taskNumbers(notNegative), rate: taskNumbers(positive) },
    defaults: { weights: 1 },
  },
);

import { notNegative, optional, positive, type FromDescription, type Written } from '@polytask/components';
import { defineLossBalancer, type BalancerSpec } from '../define.ts';
import { ofTasks, taskNumbers } from '../options.ts';

const options = {
  /** ω_0: the weights in the first epoch. */
  weights: optional(taskNumbers(notNegative), 1),
  /** γ: the factor of a weight after each epoch. */
  rate: taskNumbers(positive),
};

export interface DecayingWeightsOptions extends Written<typeof options>, FromDescription {}

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
export const decayingWeights: (options: DecayingWeightsOptions) => BalancerSpec<'losses'> = defineLossBalancer(
  'decaying-weights',
  {
    start: ({ weights, rate }, tasks): Start => ({
      weights: ofTasks(weights, tasks, 'decaying-weights.weights'),
      rate: ofTasks(rate, tasks, 'decaying-weights.rate'),
    }),
    weights: ({ weights, rate }, _config, { epoch }) => weights.map((weight, i) => weight * rate[i]! ** epoch),
  },
  {
    traits: { rescaling: true },
    description: "PLE's schedule, at one rate: all weights shrink by a tenth each epoch",
    paper: 'Tang et al., RecSys 2020',
    package: '@polytask/balancing',
    variant: { config: { rate: 0.9 } },
    options,
  },
);

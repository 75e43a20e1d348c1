import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec } from '../contracts.ts';
import {
  checkNames,
  checkNotNegative,
  checkPositive,
  checkTaskNumbers,
  ofTasks,
  type TaskNumbers,
} from '../options.ts';

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

const define = defineLossBalancer<Required<DecayingWeightsOptions>, Start>('decaying-weights', {
  package: '@polytask/balancing',
  description: "PLE's schedule, at one rate: all weights shrink by a tenth each epoch",
  paper: 'Tang et al., RecSys 2020',
  default: () => decayingWeights({ rate: 0.9 }),
  start: ({ weights, rate }, tasks) => ({
    weights: ofTasks(weights, tasks, 'decayingWeights.weights'),
    rate: ofTasks(rate, tasks, 'decayingWeights.rate'),
  }),
  weights: ({ weights, rate }, _config, { epoch }) => weights.map((weight, i) => weight * rate[i]! ** epoch),
});

/**
 * Decaying weights, as in PLE (Tang et al., RecSys 2020, eq. 10): ω_k = ω_k,0 · γ_k^t in epoch t, counted from 0.
 *
 * @throws BalancingError when a weight is negative or a rate is not above 0
 * @example
 * createBalancer(decayingWeights({ rate: { a: 0.5, b: 1 } }), { tasks: ['a', 'b'], random })
 *   .weights({ step: 9, epoch: 2 }); // [0.25, 1]
 */
export function decayingWeights(options: DecayingWeightsOptions): BalancerSpec<'losses'> {
  checkNames(options, ['weights', 'rate'], 'decayingWeights');
  const { weights = 1, rate } = options;
  checkTaskNumbers(weights, 'decayingWeights.weights', checkNotNegative);
  checkTaskNumbers(rate, 'decayingWeights.rate', checkPositive);
  return define({ weights, rate });
}

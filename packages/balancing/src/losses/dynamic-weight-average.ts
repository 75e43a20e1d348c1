import { softmax } from '../algebra/learned-weights.ts';
import { defineLossBalancer } from '../define.ts';
import type { BalancerSpec, Place } from '../contracts.ts';
import { checkNames, checkPositive } from '../options.ts';

export interface DynamicWeightAverageOptions {
  /** How soft the weights are; the greater, the more equal. Default 2. */
  temperature?: number;
}

/** Of the running epoch the sums and counts of losses; of the two before it the means. */
interface State {
  readonly [key: string]: number | readonly (number | null)[];
  readonly epoch: number;
  readonly sums: readonly number[];
  readonly counts: readonly number[];
  readonly last: readonly (number | null)[];
  readonly before: readonly (number | null)[];
}

const define = defineLossBalancer<Required<DynamicWeightAverageOptions>, State>('dynamic-weight-average', {
  description: 'by how fast losses fell in the last two epochs',
  paper: 'Liu et al., CVPR 2019',
  alias: 'dwa',
  default: () => dynamicWeightAverage(),
  start: (_config, tasks) => {
    const [zeros, none] = [tasks.map(() => 0), tasks.map(() => null)];
    return { epoch: 0, sums: zeros, counts: zeros, last: none, before: none };
  },

  weights(state, { temperature }, moment) {
    const { last, before } = inEpoch(state, moment);
    const ratios = last.map((loss, i) => (loss === null || !before[i] ? 1 : loss / before[i]!));
    return softmax(ratios.map((ratio) => ratio / temperature)).map((share) => share * last.length);
  },

  learn(state, _config, moment, { losses, present }) {
    const now = inEpoch(state, moment);
    return {
      ...now,
      sums: now.sums.map((sum, i) => sum + (present[i] ? losses[i]! : 0)),
      counts: now.counts.map((count, i) => count + Number(present[i])),
    };
  },
});

/** The state at the beginning of an epoch, if it isn't the one that was running. */
function inEpoch(state: State, { epoch }: Place): State {
  if (epoch === state.epoch) return state;
  const { sums, counts, last } = state;
  const means = sums.map((sum, i) => (counts[i]! > 0 ? sum / counts[i]! : last[i]!));
  return { epoch, sums: sums.map(() => 0), counts: counts.map(() => 0), last: means, before: last };
}

/**
 * Dynamic weight average (Liu et al., CVPR 2019, eq. 7): λ_k = T e^(r_k/τ) / Σ e^(r_i/τ) with r_k = L_k(t−1) / L_k(t−2), the
 * ratio of the mean losses of the last two epochs; 1 in the first two. A task whose loss falls slowly counts for more.
 *
 * @throws BalancingError when the temperature isn't above 0
 * @example createBalancer(dynamicWeightAverage(), { tasks: ['a', 'b'], random }).weights({ step: 0, epoch: 0 }); // [1, 1]
 */
export function dynamicWeightAverage(options: DynamicWeightAverageOptions = {}): BalancerSpec<'losses'> {
  checkNames(options, ['temperature'], 'dynamicWeightAverage');
  const { temperature = 2 } = options;
  checkPositive(temperature, 'dynamicWeightAverage.temperature');
  return define({ temperature });
}

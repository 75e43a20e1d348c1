import { optional, positive, type FromDescription, type Written } from '@polytask/components';
import { addLosses, noLosses, positiveLosses, softmax, type LossSums } from './learned-weights.ts';
import { defineLosses, type BalancerSpec } from '../define.ts';
import type { TrainingPosition } from '../contracts.ts';

const options = {
  /** τ: a higher temperature makes the weights more equal. */
  temperature: optional(positive, 2),
};

export interface DwaOptions extends Written<typeof options>, FromDescription {}

/** The losses in the current epoch, and the mean losses of the two epochs before. */
type State = LossSums & {
  readonly epoch: number;
  readonly last: readonly (number | null)[];
  readonly before: readonly (number | null)[];
};

/** The state in this epoch. When a new epoch begins, the sums become means. */
function inEpoch(state: State, { epoch }: TrainingPosition): State {
  if (epoch === state.epoch) return state;
  const { sums, counts, last } = state;
  const means = sums.map((sum, i) => (counts[i]! > 0 ? sum / counts[i]! : last[i]!));
  return { epoch, sums: sums.map(() => 0), counts: counts.map(() => 0), last: means, before: last };
}

/**
 * Dynamic weight average (Liu et al., CVPR 2019, eq. 7): λ_k = T e^(r_k/τ) / Σ e^(r_i/τ). r_k = L_k(t−1) / L_k(t−2) is the
 * ratio of the mean losses of the last two epochs, or 1 in the first two epochs. A task whose loss falls slowly gets a
 * larger weight.
 *
 * @throws PolytaskError when the temperature is not above 0, or a loss is negative
 * @example createBalancer(dwa(), { tasks: ['a', 'b'], random }).weights({ step: 0, epoch: 0 }); // [1, 1]
 */
export const dwa: (config?: DwaOptions) => BalancerSpec<'losses'> = defineLosses(
  'dwa',
  {
    start: (_config, tasks): State => {
      const none = tasks.map(() => null);
      return { epoch: 0, ...noLosses(tasks), last: none, before: none };
    },

    weights(state, { temperature }, moment) {
      const { last, before } = inEpoch(state, moment);
      const ratios = last.map((loss, i) => (loss === null || before[i] === null ? 1 : loss / before[i]!));
      return softmax(ratios.map((ratio) => ratio / temperature)).map((share) => share * last.length);
    },

    learn(state, _config, moment, input) {
      const current = inEpoch(state, moment);
      return { ...current, ...addLosses(current, positiveLosses(input, moment.tasks, 'dwa')) };
    },
  },
  {
    also: ['dynamic-weight-average'],
    description: 'by how fast losses fell in the last two epochs',
    paper: 'Liu et al., CVPR 2019',
    options,
  },
);

import type { GramianRule, Random } from '../contracts.ts';
import { diagonal, type Matrix } from './solve.ts';

/** A rule without a state. Tasks with a gradient of 0, without a label or at their minimum, are left out and get weight 0. */
export const overPresent = <C extends object>(
  weigh: (gramian: Matrix, config: C, random: Random) => readonly number[],
): GramianRule<C, null> => ({
  start: () => null,
  weights(_state, config, { random }, { gramian }) {
    const norms = diagonal(gramian);
    const present = norms.flatMap((square, i) => (square > 0 ? [i] : []));
    const weights = norms.map(() => 0);
    if (present.length === 0) return weights;
    const own = weigh(
      present.map((i) => present.map((j) => gramian[i]![j]!)),
      config,
      random,
    );
    present.forEach((i, k) => (weights[i] = own[k]!));
    return weights;
  },
});

import { sum } from '@polytask/components';
import { permutation, type RandomStream } from '../random/random.ts';

/** Of each player, 1 if it is in the coalition: [players]. */
export type Coalition = Uint8Array;

/** Coalitions whose values are needed for Shapley values, and how they are combined. */
export interface Plan {
  /** First the empty coalition, then that of all players. */
  readonly coalitions: readonly Coalition[];
  /** Each adds weight · (value of `to` − value of `from`) to a player, which `to` has and `from` lacks. */
  readonly steps: readonly {
    readonly player: number;
    readonly from: number;
    readonly to: number;
    readonly weight: number;
  }[];
}

/** The most players of whom all coalitions are evaluated: 32. Sampled orders of five players have 10. */
const MOST_ENUMERATED = 5;

export const isEnumerated = (players: number): boolean => players <= MOST_ENUMERATED;

/** Shapley's formula over all coalitions. */
export function enumerated(players: number): Plan {
  const masks = Array.from({ length: 2 ** players }, (_, mask) => mask);
  const last = masks.length - 1;
  const order = [0, last, ...masks.slice(1, -1)];
  const at = (mask: number) => (mask === 0 ? 0 : mask === last ? 1 : mask + 1);
  const has = (mask: number, player: number) => (mask >> player) & 1;
  const coalitionOf = (mask: number) => Uint8Array.from({ length: players }, (_, player) => has(mask, player));
  /** s! (n − 1 − s)! / n! */
  const weights = [1 / players];
  for (let s = 1; s < players; s++) weights.push((weights[s - 1]! * s) / (players - s));
  return {
    coalitions: (players === 0 ? [0, 0] : order).map(coalitionOf),
    steps: masks.flatMap((mask) =>
      Array.from({ length: players }, (_, player) => player)
        .filter((player) => !has(mask, player))
        .map((player) => ({
          ...{ player, from: at(mask), to: at(mask | (1 << player)) },
          weight: weights[sum(coalitionOf(mask))]!,
        })),
    ),
  };
}

/** A random order in which players join, and its reverse (Castro et al., Computers & Operations Research 2009; Mitchell et al., JMLR 2022). */
export function sampled(players: number, stream: RandomStream): Plan {
  const order = permutation(stream, players);
  const coalitions: Coalition[] = [new Uint8Array(players), new Uint8Array(players).fill(1)];
  const steps = [order, order.toReversed()].flatMap((own) => {
    let from = 0;
    return Array.from(own, (player, k) => {
      const isLast = k === players - 1;
      const step = { player, from, to: isLast ? 1 : coalitions.length, weight: 0.5 };
      if (!isLast) coalitions.push(coalitions[from]!.with(player, 1));
      from = step.to;
      return step;
    });
  });
  return { coalitions, steps };
}

/** The Shapley values of one number, over background rows. */
export interface Shapley {
  /** The mean value of nobody. */
  readonly base: number;
  /** The value of all: the sum of `base` and `contributions`. */
  readonly value: number;
  /** [players] */
  readonly contributions: Float64Array;
  /** [players] the standard error over the background rows, each with its own order. Undefined for one background row */
  readonly errors?: Float64Array;
}

/**
 * Combines the values of coalitions.
 *
 * @param plans one for each background row
 * @param valueOf the value of a coalition of the plan of a background row
 */
export function shapley(
  plans: readonly Plan[],
  players: number,
  valueOf: (background: number, coalition: number) => number,
): Shapley {
  const rows = plans.length;
  const all = plans.map(({ steps }, b) => {
    const own = new Float64Array(players);
    for (const { player, from, to, weight } of steps) own[player]! += weight * (valueOf(b, to) - valueOf(b, from));
    return own;
  });
  const contributions = Float64Array.from({ length: players }, (_, p) => sum(all, (own) => own[p]!) / rows);
  const errors = contributions.map((mean, p) =>
    Math.sqrt(sum(all, (own) => (own[p]! - mean) ** 2) / (rows * (rows - 1))),
  );
  return {
    base: sum(plans, (_, b) => valueOf(b, 0)) / rows,
    value: sum(plans, (_, b) => valueOf(b, 1)) / rows,
    contributions,
    ...(!isEnumerated(players) && rows > 1 && { errors }),
  };
}

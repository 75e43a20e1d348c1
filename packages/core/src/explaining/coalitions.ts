import { sum } from '@polytask/components';
import { permutation, type RandomStream } from '../random/random.ts';
import type { Strata } from './strata.ts';

/** Of each player, 1 if it is in the coalition: [players]. */
export type Coalition = Uint8Array;

/** Coalitions whose values are needed for Shapley values, and how they are combined. */
export interface Plan {
  /** The empty coalition is the first one, and that of all players the last one. */
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
  const coalitions = Array.from({ length: 2 ** players }, (_, mask) =>
    Uint8Array.from({ length: players }, (_player, player) => (mask >> player) & 1),
  );
  /** s! (n − 1 − s)! / n! */
  const weights = [1 / players];
  for (let s = 1; s < players; s++) weights.push((weights[s - 1]! * s) / (players - s));
  const steps = coalitions.flatMap((coalition, from) =>
    [...coalition.keys()]
      .filter((player) => coalition[player] === 0)
      .map((player) => ({ player, from, to: from | (1 << player), weight: weights[sum(coalition)]! })),
  );
  return { coalitions, steps };
}

/** A random order in which players join, and its reverse (Castro et al., Computers & Operations Research 2009; Mitchell et al., JMLR 2022). */
export function sampled(players: number, stream: RandomStream): Plan {
  const order = permutation(stream, players);
  const last = 2 * players - 1;
  const coalitions: Coalition[] = [new Uint8Array(players)];
  const steps = [order, order.toReversed()].flatMap((own) => {
    let from = 0;
    return Array.from(own, (player, k) => {
      const step = { player, from, to: k === players - 1 ? last : coalitions.length, weight: 0.5 };
      if (step.to < last) coalitions.push(coalitions[from]!.with(player, 1));
      from = step.to;
      return step;
    });
  });
  return { coalitions: [...coalitions, new Uint8Array(players).fill(1)], steps };
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
 * @param strata those of the background rows
 * @param valueOf the value of a coalition of the plan of a background row
 */
export function shapley(
  plans: readonly Plan[],
  players: number,
  strata: Strata,
  valueOf: (background: number, coalition: number) => number,
): Shapley {
  const all = plans.map(({ steps }, b) => {
    const own = new Float64Array(players);
    for (const { player, from, to, weight } of steps) own[player]! += weight * (valueOf(b, to) - valueOf(b, from));
    return own;
  });
  const mean = (of: (background: number) => number) =>
    sum(strata, ({ share, rows }) => (share * sum(rows, of)) / rows.length);
  const contributions = Float64Array.from({ length: players }, (_, p) => mean((b) => all[b]![p]!));
  const errorOf = (p: number) =>
    Math.sqrt(sum(strata, ({ share, rows }) => share ** 2 * varianceOfMean(rows.map((b) => all[b]![p]!))));
  return {
    base: mean((b) => valueOf(b, 0)),
    value: mean((b) => valueOf(b, plans[b]!.coalitions.length - 1)),
    contributions,
    ...(!isEnumerated(players) && plans.length > 1 && { errors: contributions.map((_, p) => errorOf(p)) }),
  };
}

function varianceOfMean(values: readonly number[]): number {
  const { length } = values;
  const mean = sum(values) / length;
  return sum(values, (value) => (value - mean) ** 2) / (length * Math.max(1, length - 1));
}

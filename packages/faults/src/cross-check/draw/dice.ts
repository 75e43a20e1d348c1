import { permutation, randomStream } from '@polytask/core';

/** Random choices. They depend only on the seed, the path and the number of earlier choices. */
export interface Dice {
  /** A whole number from 0 to count − 1. */
  below(count: number): number;
  chance(share: number): boolean;
  of<T>(values: readonly T[]): T;
}

export function diceOf(seed: number, path: string): Dice {
  const stream = randomStream(seed, `cross-check.${path}`);
  const below = (count: number) => Math.min(count - 1, Math.floor(stream.uniform(1)[0]! * count));
  return {
    below,
    chance: (share) => stream.uniform(1)[0]! < share,
    of: (values) => values[below(values.length)]!,
  };
}

export interface DrawPlace {
  readonly seed: number;
  /** The configuration, from 0. Architectures are dealt by it. */
  readonly number: number;
  /** The attempt at this configuration, from 0, after components refused one another in those before. */
  readonly attempt: number;
}

/** The turn in which components are dealt: that of the configuration at first, and of a far one after a refusal. */
export const turnOf = ({ number, attempt }: DrawPlace): number => number + 7919 * attempt;

/**
 * Deals names out: each is there once in names.length turns in a row, so a few configurations have all names.
 *
 * @param slot what the name is for, such as `network`
 */
export function dealt(names: readonly string[], slot: string, place: DrawPlace, turn = turnOf(place)): string {
  const { seed } = place;
  const round = randomStream(seed, `cross-check.${slot}.${Math.floor(turn / names.length)}`);
  return names[permutation(round, names.length)[turn % names.length]!]!;
}

/** Draws until `attempt` doesn't throw. @throws the last error after many draws */
export function untilItWorks<T>(attempt: (index: number) => T, tries = 40): T {
  let last: unknown;
  for (let i = 0; i < tries; i++) {
    try {
      return attempt(i);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

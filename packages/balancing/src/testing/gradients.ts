import { seeded } from './random.ts';

/** `count` sets of T random gradients of P numbers, with different lengths, from a seed. */
export function randomGradients(count: number, [tasks, size]: readonly [number, number], seed = 1): number[][][] {
  const random = seeded(seed);
  return Array.from({ length: count }, () =>
    Array.from(random.uniform(tasks), (u) => Array.from(random.normal(size), (x) => x * (0.2 + 2 * u))),
  );
}

/** Random points of the simplex, from a seed. */
export function randomShares(count: number, tasks: number, seed = 1): number[][] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const parts = Array.from(random.uniform(tasks), (u) => -Math.log(1 - u));
    const sum = parts.reduce((all, part) => all + part, 0);
    return parts.map((part) => part / sum);
  });
}

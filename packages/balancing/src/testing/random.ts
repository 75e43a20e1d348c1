import type { Random } from '../contracts.ts';

/** `count` sets of T random gradients of P numbers, with different lengths, from a seed. */
export function randomGradients(count: number, [tasks, size]: readonly [number, number], seed = 1): number[][][] {
  const random = seeded(seed);
  return Array.from({ length: count }, () =>
    Array.from(random.uniform(tasks), (u) => Array.from(random.normal(size), (x) => x * (0.2 + 2 * u))),
  );
}

export function randomShares(count: number, tasks: number, seed = 1): number[][] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const parts = Array.from(random.uniform(tasks), (u) => -Math.log(1 - u));
    const sum = parts.reduce((all, part) => all + part, 0);
    return parts.map((part) => part / sum);
  });
}

/** Seeded random numbers (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const uniform = (size: number) => Float64Array.from({ length: size }, next);
  return {
    uniform,
    normal: (size) => uniform(size).map((u) => Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * next())),
    permutation: (size) =>
      Array.from(uniform(size), (u, i) => [u, i] as const)
        .sort(([a], [b]) => a - b)
        .map(([, i]) => i),
  };
}

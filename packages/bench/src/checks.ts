import { fail } from '@polytask/core';

/** @throws PolytaskError unless the value is a whole number of 1 or more */
export function requireCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  return fail({ expected: `${name} to be a whole number of 1 or more`, received: String(value), mend: `Pass ${name} 10, for example.` });
}

/** @throws PolytaskError unless the value is a number above 0 */
export function requirePositive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  return fail({ expected: `${name} to be a number above 0`, received: String(value), mend: `Pass ${name} 0.001, for example.` });
}

/** @throws PolytaskError unless there is one seed or more, each a whole number of 0 or more, none twice */
export function requireSeeds(seeds: readonly number[]): readonly number[] {
  const wrong = seeds.find((seed, i) => !Number.isSafeInteger(seed) || seed < 0 || seeds.indexOf(seed) !== i);
  if (seeds.length > 0 && wrong === undefined) return seeds;
  return fail({
    expected: 'one seed or more, each a whole number of 0 or more, none twice',
    received: seeds.length === 0 ? 'none' : seeds.join(', '),
    mend: 'Pass [1, 2, 3], for example.',
  });
}

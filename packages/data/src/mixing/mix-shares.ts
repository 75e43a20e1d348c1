import { fail } from '@polytask/core';

/**
 * How often each table is drawn from: as often as it has rows, all equally often, or in between, p ∝ n^(1/T) (T = 1 is
 * `proportional`, T → ∞ is `equal`; Arivazhagan et al. 2019, mT5 and others).
 */
export type MixRatio = 'proportional' | 'equal' | { readonly temperature: number };

/**
 * The share of each table in a mixture.
 *
 * @param sizes rows of each table
 * @returns probabilities, in the order of the sizes
 * @throws PolytaskError where the ratio is none
 * @example mixShares([900, 100], { temperature: 2 }) // [0.75, 0.25]: √900 and √100
 */
export function mixShares(sizes: readonly number[], ratio: MixRatio): number[] {
  const temperature = ratio === 'proportional' ? 1 : ratio === 'equal' ? Infinity : ratio?.temperature;
  if (typeof temperature !== 'number' || !(temperature >= 1)) {
    fail({
      expected: "'proportional', 'equal' or { temperature } of 1 or more as the ratio of a mixture",
      received: JSON.stringify(ratio) ?? 'nothing',
      mend: 'Pass { ratio: { temperature: 2 } }.',
    });
  }
  const powers = sizes.map((size) => size ** (1 / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

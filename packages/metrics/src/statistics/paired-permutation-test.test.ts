import { expect, test } from 'vitest';
import { expectClose, scipyPairs, scipyValues } from '../testing/scipy-values.ts';
import { counterRandom } from './counter-random.ts';
import { pairedPermutationTest } from './paired-tests.ts';

const cases = scipyPairs.filter(([, { permutation }]) => permutation !== undefined);

test.each(cases)('%s: as SciPy has it, counting all signs', (_, { a, b, permutation }) => {
  expect(pairedPermutationTest(a, b).exact).toBe(true);
  expectClose(pairedPermutationTest(a, b).pValue, permutation!, 1e-12);
});

test('drawn signs come near the exact share, are the same again, and never give 0', () => {
  const { a, b } = scipyValues.paired.twelve;
  const exact = pairedPermutationTest(a, b).pValue;
  const drawn = pairedPermutationTest(a, b, { resamples: 4000, random: counterRandom(5) });
  expect(drawn.exact).toBe(false);
  expect(Math.abs(drawn.pValue - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 4000) + 1 / 4000);
  expect(pairedPermutationTest(a, b, { resamples: 4000, random: counterRandom(5) })).toEqual(drawn);
  const sure = Array.from({ length: 40 }, (_, i) => 1 + i / 100);
  expect(
    pairedPermutationTest(
      sure,
      sure.map(() => 0),
      { resamples: 99 },
    ).pValue,
  ).toBe(1 / 100);
});

test('rounding doesn’t hide equal sums', () => {
  expect(pairedPermutationTest([0.1, 0.2, 0.3], [0, 0, 0]).pValue).toBe(2 / 8);
  expect(pairedPermutationTest([0.1, 0.2, -0.3], [0, 0, 0])).toEqual({
    mean: expect.closeTo(0, 15),
    pValue: 1,
    exact: true,
  });
});

test('the ends and refusals', () => {
  expect(pairedPermutationTest([2, 2], [2, 2])).toEqual({ mean: 0, pValue: 1, exact: true });
  expect(pairedPermutationTest([NaN, 2], [2, 2])).toEqual({ mean: NaN, pValue: NaN, exact: true });
  expect(() => pairedPermutationTest([1], [2], { resamples: 0 })).toThrow(
    'Expected a whole number of 1 or more for pairedPermutationTest.resamples, received 0',
  );
  expect(() => pairedPermutationTest([1], [])).toThrow('pairedPermutationTest: got no b');
});

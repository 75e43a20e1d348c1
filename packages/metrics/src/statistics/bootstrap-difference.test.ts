import { expect, test } from 'vitest';
import { scipyValues } from '../testing/scipy-values.ts';
import { bootstrapDifference } from './bootstrap-difference.ts';
import { bootstrapInterval } from './bootstrap-interval.ts';
import { counterRandom } from './counter-random.ts';
import { pairedDifference } from './paired-difference.ts';

const { a, b } = scipyValues.paired.forty!;

test('is the bootstrap of both lists, drawn in pairs', () => {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const config = { resamples: 400, method: 'percentile' } as const;
  const direct = bootstrapDifference(a, b, config);
  const general = bootstrapInterval([a, b], ([x, y]) => mean(x!) - mean(y!), { ...config, paired: true });
  for (const key of ['estimate', 'low', 'high', 'standardError'] as const)
    expect(direct[key]).toBeCloseTo(general[key], 12);
});

test('of forty pairs it agrees with the t interval to a tenth of its width', () => {
  const [drawn, t] = [bootstrapDifference(a, b), pairedDifference(a, b)];
  expect(drawn.estimate).toBeCloseTo(t.mean, 14);
  expect(Math.abs(drawn.low - t.low)).toBeLessThan((t.high - t.low) / 10);
  expect(Math.abs(drawn.high - t.high)).toBeLessThan((t.high - t.low) / 10);
});

test('the generator decides: another seed, another interval nearby', () => {
  const [first, second] = [1, 2].map((seed) => bootstrapDifference(a, b, { random: counterRandom(seed) }));
  expect(first!.low).not.toBe(second!.low);
  expect(Math.abs(first!.low - second!.low)).toBeLessThan((first!.high - first!.low) / 20);
});

test('refuses what is no pair', () => {
  expect(() => bootstrapDifference([1], [1, 2])).toThrow('bootstrapDifference: got 1 and 2 values; expected pairs');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose, scipyValues } from '../testing/scipy-values.ts';
import { bootstrapDifference, bootstrapInterval, type Statistic } from './bootstrap-interval.ts';
import { counterRandom } from './counter-random.ts';
import { pairedDifference } from './paired-tests.ts';

const meanOf = ([values]: readonly Float64Array[]) => values!.reduce((sum, value) => sum + value, 0) / values!.length;

const deviation: Statistic = (samples) => {
  const mean = meanOf(samples);
  return Math.sqrt(samples[0]!.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples[0]!.length - 1));
};
const mean = (values: Float64Array) => meanOf([values]);

const statistics: Record<string, Statistic> = {
  mean: meanOf,
  deviation,
  'paired ratio': ([a, b]) => mean(a!) / mean(b!),
  'difference of two samples': ([a, b]) => mean(a!) - mean(b!),
};

const { resamples, seed, cases } = scipyValues.bootstrap;

test.each(Object.entries(cases))(
  '%s: as SciPy has it from the same resamples',
  (name, { samples, paired, percentile, BCa, standardError }) => {
    const config = { confidence: 0.9, resamples, paired };
    const plain = bootstrapInterval(samples, statistics[name]!, {
      ...config,
      method: 'percentile',
      random: counterRandom(seed),
    });
    const corrected = bootstrapInterval(samples, statistics[name]!, { ...config, random: counterRandom(seed) });
    expectClose(plain.low, percentile[0]!, 1e-11);
    expectClose(plain.high, percentile[1]!, 1e-11);
    expectClose(corrected.low, BCa[0]!, 1e-9);
    expectClose(corrected.high, BCa[1]!, 1e-9);
    expectClose(corrected.standardError, standardError, 1e-11);
  },
);

test('BCa does not mind a monotone change of scale, and the percentile method moves with it too', () => {
  const values = cases.mean!.samples[0]!;
  for (const method of ['bca', 'percentile'] as const) {
    const config = { method, resamples: 500 };
    const plain = bootstrapInterval([values], meanOf, config);
    const scaled = bootstrapInterval([values.map((value) => 3 * value + 1)], meanOf, config);
    expect(scaled.low).toBeCloseTo(3 * plain.low + 1, 10);
    expect(scaled.high).toBeCloseTo(3 * plain.high + 1, 10);
  }
});

test('turned around, it has the other sign', () => {
  const values = cases.mean!.samples[0]!;
  for (const method of ['bca', 'percentile'] as const) {
    const [there, back] = [values, values.map((value) => -value)].map((one) =>
      bootstrapInterval([one], meanOf, { method, resamples: 500 }),
    );
    expect(back!.low).toBeCloseTo(-there!.high, 10);
    expect(back!.high).toBeCloseTo(-there!.low, 10);
  }
});

test('the interval of a mean lies within the values, and is the same again', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 12 }), (values) => {
      const config = { method: 'percentile', resamples: 60 } as const;
      const { low, high } = bootstrapInterval([values], meanOf, config);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
      expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
      expect(bootstrapInterval([values], meanOf, config)).toMatchObject({ low, high });
    }),
    { numRuns: 40 },
  );
});

test('of thirty normal values it covers the true mean about as often as it promises', { tags: ['long'] }, () => {
  const random = counterRandom(21);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const trials = 400;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { low, high } = bootstrapInterval([Array.from({ length: 30 }, normal)], meanOf, {
      confidence: 0.9,
      resamples: 300,
      random,
    });
    covered += Number(low < 0 && high > 0);
  }
  // The bootstrap takes the deviation with divisor n and normal quantiles: of 30 values it covers .88, not .9.
  expect(covered / trials).toBeGreaterThan(0.88 - 4 * Math.sqrt((0.88 * 0.12) / trials));
  expect(covered / trials).toBeLessThan(0.88 + 4 * Math.sqrt((0.88 * 0.12) / trials));
});

test('a statistic may write into its samples without harm to the given ones', () => {
  const values = Float64Array.of(3, 1, 2);
  const median: Statistic = ([x]) => x!.sort()[Math.floor(x!.length / 2)]!;
  expect(bootstrapInterval([values], median, { resamples: 50 }).estimate).toBe(2);
  expect([...values]).toEqual([3, 1, 2]);
});

test('the ends: one value, equal values, an undefined statistic, all resamples on one side', () => {
  const config = { resamples: 50 };
  expect(bootstrapInterval([[3]], meanOf, config)).toEqual({ estimate: 3, low: NaN, high: NaN, standardError: NaN });
  expect(bootstrapInterval([[3, 3]], meanOf, config)).toEqual({ estimate: 3, low: 3, high: 3, standardError: 0 });
  expect(bootstrapInterval([[3, NaN]], meanOf, config)).toEqual({
    estimate: NaN,
    low: NaN,
    high: NaN,
    standardError: NaN,
  });
  const oneSided: Statistic = ([x]) => (x!.join() === '1,2,3,4,5,6' ? 9 : mean(x!));
  expect(bootstrapInterval([[1, 2, 3, 4, 5, 6]], oneSided, config)).toMatchObject({ estimate: 9, low: NaN, high: NaN });
  expect(bootstrapInterval([[1, 2, 3, 4, 5, 6]], oneSided, { ...config, method: 'percentile' }).high).toBeLessThan(6);
});

test.each<[() => unknown, string]>([
  [() => bootstrapInterval([], meanOf), 'bootstrapInterval: got no samples; expected a list of samples'],
  [
    () => bootstrapInterval([1, 2] as never, meanOf),
    'bootstrapInterval: got samples[0] = 1; expected a list of samples. Write [values]',
  ],
  [() => bootstrapInterval([[]], meanOf), 'bootstrapInterval: got no samples[0]'],
  [() => bootstrapInterval([[1, Infinity]], meanOf), 'bootstrapInterval: got samples[0][1] = Infinity'],
  [
    () => bootstrapInterval([[1, 2], [1]], meanOf, { paired: true }),
    'bootstrapInterval: got paired samples of 2 and 1 values; expected one length',
  ],
  [
    () => bootstrapInterval([[1, 2]], meanOf, { resamples: 0 }),
    'Expected a whole number of 1 or more for bootstrapInterval.resamples, received 0',
  ],
  [
    () => bootstrapInterval([[1, 2]], meanOf, { confidence: 95 }),
    'Expected a number in (0, 1) for bootstrapInterval.confidence, received 95.',
  ],
  [
    () => bootstrapInterval([[1, 2]], meanOf, { method: 't' as never }),
    'Expected one of "bca", "percentile" for bootstrapInterval.method, received "t"',
  ],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

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

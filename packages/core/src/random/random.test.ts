import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { integerBelow, permutation, randomStream, randomTensor, withRandomTensors, type Draw } from './random.ts';

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const correlation = (a: Float32Array, b: Float32Array) => {
  const [ma, mb] = [mean(a), mean(b)];
  const cov = mean(a.map((value, i) => (value - ma) * (b[i]! - mb)));
  return cov / Math.sqrt(mean(a.map((v) => (v - ma) ** 2)) * mean(b.map((v) => (v - mb) ** 2)));
};

describe('randomStream', () => {
  it('repeats for the same seed, path and place', () => {
    const a = randomStream(7, 'levels.0.kernel');
    a.uniform(3);
    const second = a.uniform(5);
    const b = randomStream(7, 'levels.0.kernel');
    b.counter = 1;
    expect(b.uniform(5)).toEqual(second);
  });

  it.each([
    ['another path', randomStream(7, 'b'), 0],
    ['another seed', randomStream(8, 'a'), 0],
    ['a seed that differs above 32 bits', randomStream(7 + 2 ** 40, 'a'), 0],
    ['the next draw', randomStream(7, 'a'), 1],
  ])('is independent of %s', (_, other, counter) => {
    other.counter = counter;
    const own = randomStream(7, 'a').uniform(20_000);
    // the correlation of independent numbers has a standard deviation of 1/√n = .007
    expect(Math.abs(correlation(own, other.uniform(20_000)))).toBeLessThan(0.03);
  });

  it('keeps to its interval and has the moments of a uniform distribution', () => {
    const values = randomStream(1, 'u').uniform(50_000, -2, 4);
    expect(Math.min(...values.subarray(0, 10_000))).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values.subarray(0, 10_000))).toBeLessThan(4);
    expect(mean(values)).toBeCloseTo(1, 1);
    expect(mean(values.map((v) => (v - 1) ** 2))).toBeCloseTo(3, 1); // (b − a)²/12
  });

  it('has the moments of a normal distribution', () => {
    const values = randomStream(1, 'n').normal(100_001, 3, 2);
    expect(mean(values)).toBeCloseTo(3, 1);
    expect(mean(values.map((v) => (v - 3) ** 2))).toBeCloseTo(4, 1);
    expect(mean(values.map((v) => ((v - 3) / 2) ** 4))).toBeCloseTo(3, 0); // kurtosis
  });

  it('permutes: each number once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer(), (size, seed) => {
        const order = permutation(randomStream(seed, 'p'), size);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      }),
    );
  });

  it('draws whole numbers as uniformInt of pure-rand 8.4 does; a quarter of the draws are repeated at 3 · 2³⁰', () => {
    const stream = randomStream(7, 'whole numbers');
    const draws = (bound: number) => Array.from({ length: 8 }, () => integerBelow(stream, bound));
    expect(draws(3 * 2 ** 30)).toEqual([
      1227444671, 1892835381, 582094211, 3212568, 2148579681, 2763696204, 1620841632, 2829894948,
    ]);
    expect(draws(1000)).toEqual([33, 346, 472, 940, 310, 216, 897, 562]);
    expect([...permutation(randomStream(7, 'order'), 10)]).toEqual([9, 1, 8, 4, 7, 6, 3, 5, 2, 0]);
  });
});

describe('randomTensor', () => {
  it('takes new numbers from the stream at each call', () => {
    const stream = randomStream(7, 'noise');
    const first = randomTensor(stream, [2, 3], (random, size) => random.normal(size));
    const second = randomTensor(stream, [2, 3], (random, size) => random.normal(size));
    expect(first.shape).toEqual([2, 3]);
    expect(first.dataSync()).toEqual(randomStream(7, 'noise').normal(6));
    expect(second.dataSync()).not.toEqual(first.dataSync());
  });

  it('lets an engine bring the tensor, and take the numbers when it needs them', () => {
    const stream = randomStream(7, 'noise');
    const draws: Draw[] = [];
    const zeros = tf.zeros([4]);
    const got = withRandomTensors(
      (draw) => {
        draws.push(draw);
        return zeros;
      },
      () => randomTensor(stream, [4], (random, size) => random.uniform(size)),
    );
    expect(got).toBe(zeros);
    expect(stream.counter).toBe(0);
    expect(draws[0]!.sample()).toEqual(randomStream(7, 'noise').uniform(4));
    expect(stream.counter).toBe(1);
  });

  it("draws from the streams again when the engine's function throws", () => {
    expect(() =>
      withRandomTensors(
        () => tf.zeros([1]),
        () => {
          throw new Error('stop');
        },
      ),
    ).toThrow('stop');
    expect(randomTensor(randomStream(7, 'a'), [1], (random) => random.uniform(1)).dataSync()[0]).not.toBe(0);
  });
});

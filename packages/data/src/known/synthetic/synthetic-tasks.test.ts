import { labelsOf, randomStream } from '@polytask/core';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { correlationFactor, inner, orthonormalVectors } from './correlated-vectors.ts';
import { syntheticTasks } from './synthetic-tasks.ts';

function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const centered = (values: ArrayLike<number>) => {
    const mean = Array.from(values).reduce((x, y) => x + y, 0) / values.length;
    return Array.from(values, (value) => value - mean);
  };
  const [x, y] = [centered(a), centered(b)];
  return inner(x, y) / Math.sqrt(inner(x, x) * inner(y, y));
}

/** Correlation matrices of any rank: cosines of random vectors. */
const correlations = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.nat())
  .map(([tasks, rank, seed]) => {
    const stream = randomStream(seed, 'test');
    const vectors = Array.from({ length: tasks }, () => stream.normal(rank));
    return vectors.map((a, i) =>
      vectors.map((b, j) =>
        i === j ? 1 : Math.max(-1, Math.min(1, inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b)))),
      ),
    );
  });

describe('correlationFactor', () => {
  it('times its transpose is the matrix, of full rank or not', () => {
    fc.assert(
      fc.property(correlations, (matrix) => {
        const factor = correlationFactor(matrix, matrix.length);
        factor.forEach((a, i) => {
          expect(a.slice(i + 1).every((value) => value === 0)).toBe(true);
          factor.forEach((b, j) => expect(inner(a, b)).toBeCloseTo(matrix[i]![j]!, 5));
        });
      }),
    );
  });

  it('takes the least correlation that all pairs can have, and no lower one', () => {
    for (const tasks of [2, 3, 5, 8]) {
      const least = -1 / (tasks - 1);
      const factor = correlationFactor(least, tasks);
      expect(inner(factor[0]!, factor[tasks - 1]!)).toBeCloseTo(least, 9);
      if (tasks > 2)
        expect(() => correlationFactor(least - 0.01, tasks)).toThrow(`correlated by ${least.toFixed(3)} or more`);
    }
  });

  it.each([
    [[[1, 0.5]], 2, /a symmetric matrix of 2 × 2 correlations .* received rows of length 2\./],
    [
      [
        [1, 0.5],
        [0.4, 1],
      ],
      2,
      /received correlation\[0\]\[1\] = 0\.5, and correlation\[1\]\[0\] = 0\.4\./,
    ],
    [
      [
        [2, 0],
        [0, 1],
      ],
      2,
      /with 1 on its diagonal, received correlation\[0\]\[0\] = 2\./,
    ],
    [1.5, 2, /correlations from −1 to 1, .* received correlation\[0\]\[1\] = 1\.5, and/],
    [NaN, 2, /received correlation\[0\]\[1\] = NaN, and/],
    [
      [
        [1, 0.9, 0],
        [0.9, 1, 0.9],
        [0, 0.9, 1],
      ],
      3,
      /positive semidefinite matrix/,
    ],
    [
      [
        [1, 1, 0],
        [1, 1, 0.5],
        [0, 0.5, 1],
      ],
      3,
      /positive semidefinite matrix/,
    ],
  ])('refuses %j for %i tasks', (correlation, tasks, message) => {
    expect(() => correlationFactor(correlation as number | number[][], tasks)).toThrow(message);
  });
});

describe('orthonormalVectors', () => {
  it('are of length 1, orthogonal, and of mean 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 30 }), fc.nat(), (count, more, seed) => {
        const vectors = orthonormalVectors(count, count + more, randomStream(seed, 'test'));
        expect(vectors.length).toBe(count);
        vectors.forEach((a, i) => {
          expect(a.reduce((x, y) => x + y, 0)).toBeCloseTo(0, 9);
          vectors.forEach((b, j) => expect(inner(a, b)).toBeCloseTo(Number(i === j), 9));
        });
      }),
    );
  });
});

describe('syntheticTasks', () => {
  it('have weight vectors of exactly the correlations and the length that were asked for', () => {
    fc.assert(
      fc.property(correlations, fc.double({ min: 0.1, max: 10, noNaN: true }), fc.nat(), (correlation, scale, seed) => {
        const weights = Object.values(
          syntheticTasks({ tasks: correlation.length, dimension: 12, correlation, scale, seed }).weights,
        );
        weights.forEach((a, i) => {
          expect(Math.sqrt(inner(a, a)) / scale).toBeCloseTo(1, 5);
          weights.forEach((b, j) => expect(pearson(a, b)).toBeCloseTo(correlation[i]![j]!, 5));
        });
      }),
    );
  });

  it('have labels of the formula', () => {
    const sines = [
      { alpha: 2, beta: 0.5 },
      { alpha: -1, beta: 1 },
    ];
    const tasks = syntheticTasks({ tasks: ['a', 'b'], dimension: 8, correlation: 0.3, noise: 0, sines, seed: 3 });
    const { arrays } = tasks.sample(50, 1);
    for (const name of ['a', 'b'] as const) {
      for (let r = 0; r < 50; r++) {
        const s = inner(tasks.weights[name], arrays.numeric.subarray(8 * r, 8 * r + 8));
        expect(labelsOf(arrays, name).labels[r]).toBeCloseTo(s + Math.sin(2 * s + 0.5) + Math.sin(-s + 1), 5);
      }
    }
  });

  it('have noise of the asked deviation, independent of one another', () => {
    const common = { tasks: 2, correlation: 1, sines: [], dimension: 8, seed: 3 };
    const [clean, noisy] = [0, 0.5].map((noise) => syntheticTasks({ ...common, noise }).sample(20_000, 1).arrays);
    const errors = ['task1', 'task2'].map((name) =>
      labelsOf(noisy!, name).labels.map((y, r) => y - labelsOf(clean!, name).labels[r]!),
    );
    for (const each of errors) expect(Math.sqrt(inner(each, each) / each.length)).toBeCloseTo(0.5, 2);
    expect(Math.abs(pearson(errors[0]!, errors[1]!))).toBeLessThan(0.03);
  });

  it('are fixed while rows differ by their seed', () => {
    const options = { tasks: 3, seed: 5 } as const;
    const [one, two] = [syntheticTasks(options), syntheticTasks(options)];
    expect(one.sample(10, 1).arrays).toEqual(two.sample(10, 1).arrays);
    expect(one.sample(10, 1).arrays.numeric).not.toEqual(one.sample(10, 2).arrays.numeric);
    expect(syntheticTasks({ ...options, seed: 6 }).weights).not.toEqual(one.weights);
  });

  it('say yes at the asked rates, in every sample', { tags: ['long'] }, () => {
    const tasks = syntheticTasks({ tasks: ['rare', 'even'], kind: 'binary', positiveRate: [0.1, 0.5], seed: 2 });
    expectTypeOf(tasks.schema.tasks.rare.kind).toEqualTypeOf<'binary'>();
    expectTypeOf<keyof typeof tasks.weights>().toEqualTypeOf<'rare' | 'even'>();
    for (const seed of [1, 2]) {
      const { arrays } = tasks.sample(20_000, seed);
      const labels = (task: string) => labelsOf(arrays, task).labels;
      expect(labels('rare').reduce((a, b) => a + b) / 20_000).toBeCloseTo(0.1, 1.7);
      expect(labels('even').reduce((a, b) => a + b) / 20_000).toBeCloseTo(0.5, 1.7);
      expect(new Set(labels('rare'))).toEqual(new Set([0, 1]));
    }
  });

  it('have thresholds of their own options, whichever tasks were made before', () => {
    const common = { tasks: 2, dimension: 8, kind: 'binary' } as const;
    const rare = { positiveRate: 0.1 };
    const yes = (more: object) => {
      const { labels } = labelsOf(syntheticTasks({ ...common, ...more }).sample(2000, 1).arrays, 'task1');
      return labels.reduce((a, b) => a + b) / 2000;
    };
    for (const more of [{}, { noise: 3 }, { scale: 5 }, { sines: [] }, { seed: 1 }]) {
      expect(yes(more)).toBeCloseTo(0.5, 1);
      expect(yes({ ...more, ...rare })).toBeCloseTo(0.1, 1);
    }
  });

  it.each([0.25, 0.6])('turn every second task round on %d of the space', (conflict) => {
    const common = { tasks: 3, correlation: 1, sines: [], noise: 0, seed: 4 };
    const { arrays } = syntheticTasks({ ...common, conflict }).sample(20_000, 1);
    const [a, b, c] = ['task1', 'task2', 'task3'].map((name) => labelsOf(arrays, name).labels);
    const opposite = a!.filter((y, r) => Math.abs(y + b![r]!) < 1e-5).length;
    const alike = a!.filter((y, r) => Math.abs(y - b![r]!) < 1e-5).length;
    expect(opposite / 20_000).toBeCloseTo(conflict, 1.7);
    expect(alike / 20_000).toBeCloseTo(1 - conflict, 1.7);
    expect(c).toEqual(a);
    // cor = (1 − f) − f
    expect(pearson(a!, b!)).toBeCloseTo(1 - 2 * conflict, 1);
  });

  it('draw what published results were drawn from', () => {
    const published = { tasks: 3, kind: 'binary', dimension: 32, correlation: 0.8, conflict: 0.1, seed: 1 } as const;
    const arrays = syntheticTasks(published).sample(8000, 3).arrays;
    const sum = (task: string) => labelsOf(arrays, task).labels.reduce((a, b) => a + b, 0);
    expect([...arrays.numeric.subarray(0, 3)]).toEqual([0.43746882677078247, -0.661425769329071, -0.19700533151626587]);
    expect(arrays.tasks.map(sum)).toEqual([4054, 4010, 3996]);
  });

  it('have exactly the asked share of labels, each task on rows of its own', () => {
    const options = { tasks: ['few', 'half', 'all'], kind: 'binary', dimension: 8, seed: 4 } as const;
    const whole = syntheticTasks(options).sample(5_000, 1).arrays;
    const sample = (seed: number) =>
      syntheticTasks({ ...options, labelRate: [0.03, 0.5, 1] }).sample(5_000, seed).arrays;
    const some = sample(1);
    const weights = (name: string) => labelsOf(some, name).weights;
    const count = (name: string) => weights(name).reduce((a, b) => a + b, 0);
    expect(['few', 'half', 'all'].map(count)).toEqual([150, 2500, 5000]);
    expect(some.numeric).toEqual(whole.numeric); // labels are taken away, and nothing else is drawn otherwise
    expect(some.labels).toEqual(whole.labels.map((y, i) => y * some.weights[i]!));
    const both = weights('few').filter((has, row) => has * weights('half')[row]! === 1).length;
    expect(Math.abs(both - 75)).toBeLessThan(4 * Math.sqrt(150 / 4)); // independent: binomial(150, ½)
    expect(labelsOf(sample(2), 'few').weights).not.toEqual(weights('few'));
  });

  it('have a label at least, and one rate for all tasks', () => {
    const { arrays } = syntheticTasks({ tasks: 2, labelRate: 0.01 }).sample(10, 1);
    for (const name of ['task1', 'task2']) expect(labelsOf(arrays, name).weights.reduce((a, b) => a + b, 0)).toBe(1);
  });

  it.each([
    [{ tasks: 0 }, /a whole number of 1 or more for syntheticTasks.tasks, received 0/],
    [{ tasks: ['a', 'a'] }, /different names of tasks/],
    [{ tasks: 3, dimension: 5 }, /a dimension of 6 or more, received 5/],
    [{ tasks: 2, conflict: 1.2 }, /a number in \[0, 1\] for syntheticTasks.conflict/],
    [{ tasks: 2, noise: -1 }, /noise/],
    [{ tasks: 2, scale: 0 }, /scale/],
    [{ tasks: 2, positiveRate: 1 }, /a number in \(0, 1\) for syntheticTasks.positiveRate/],
    [{ tasks: 2, positiveRate: [0.5] }, /2 positive rates, one for each task, received 1/],
    [{ tasks: 2, labelRate: 0 }, /a number in \(0, 1\] for syntheticTasks.labelRate, received 0/],
    [{ tasks: 2, labelRate: [1, 1, 1] }, /2 label rates, one for each task, received 3/],
    [{ tasks: 2, kind: 'multiclass' as 'binary' }, /one of "regression", "binary" for syntheticTasks.kind/],
  ])('refuse %j', (options, message) => {
    expect(() => syntheticTasks(options)).toThrow(message);
  });

  it('refuse a sample of no rows', () => {
    expect(() => syntheticTasks({ tasks: 1 }).sample(0, 1)).toThrow(/a number of rows of 1 or more, received 0/);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRuns } from './compiled-predictor.ts';

const SIZES = [1, 16, 256, 4096];

it.each<[number, number[]]>([
  [0, []],
  [1, [1]],
  [2, [1, 1]],
  [3, [16]],
  [16, [16]],
  [17, [16, 1]],
  [30, [16, 16]],
  [200, [256]],
  [300, [256, 16, 16, 16]],
  [4096, [4096]],
  [10_000, [4096, 4096, ...new Array<number>(7).fill(256), 16]],
])('%i rows', (rows, sizes) => {
  expect(planRuns(rows, SIZES).map(({ size }) => size)).toEqual(sizes);
});

it('has one size to do with', () => {
  expect(planRuns(70, [32])).toEqual([
    { from: 0, to: 32, size: 32 },
    { from: 32, to: 64, size: 32 },
    { from: 64, to: 70, size: 32 },
  ]);
});

describe('whatever the rows and sizes', () => {
  const sizes = fc
    .uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 })
    .map((list) => list.sort((a, b) => a - b));

  it('every row is in one run, in order, and no run is larger than its graph', () => {
    fc.assert(
      fc.property(fc.nat(3000), sizes, (rows, some) => {
        const runs = planRuns(rows, some);
        let at = 0;
        for (const { from, to, size } of runs) {
          expect([from, to > from, to - from <= size, some.includes(size)]).toEqual([at, true, true, true]);
          at = to;
        }
        expect(at).toBe(rows);
      }),
    );
  });

  it('costs no more than padding to the next size alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), sizes, (rows, some) => {
        const next = some.find((size) => size >= rows);
        const cost = planRuns(rows, some).reduce((total, { size }) => total + size + 10, 0);
        if (next !== undefined) expect(cost).toBeLessThanOrEqual(next + 10);
      }),
    );
  });
});

import { randomStream } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { entmax } from './entmax-gate.ts';

/** The definition by bisection: p = [(α − 1) z − τ]_+^{1/(α−1)}, with τ such that p sums to 1. */
function byBisection(z: readonly number[], alpha: number): number[] {
  const at = (tau: number) => z.map((score) => Math.max(0, (alpha - 1) * score - tau) ** (1 / (alpha - 1)));
  let [low, high] = [Math.min(...z) * (alpha - 1) - 2, Math.max(...z) * (alpha - 1)];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (at(middle).reduce((sum, p) => sum + p, 0) > 1) low = middle;
    else high = middle;
  }
  return at((low + high) / 2);
}

const rows = Array.from({ length: 40 }, (_, r) => [...randomStream(5, `row${r}`).normal(6, 0, 0.2 + r / 20)]);

describe.each([1.5, 2] as const)('entmax with alpha %f', (alpha) => {
  it('is its definition, solved by bisection', () => {
    const got = entmax(tf.tensor2d(rows), alpha).arraySync() as number[][];
    rows.forEach((row, r) => {
      const expected = byBisection(row, alpha);
      got[r]!.forEach((p, e) => {
        expect(p).toBeCloseTo(expected[e]!, 5);
        if (expected[e] === 0) expect(p).toBe(0);
      });
    });
    expect(got.flat().filter((p) => p === 0).length).toBeGreaterThan(30);
  });

  it('has the gradient that finite differences of the definition give', () => {
    const weight = [0.3, -1, 2, 0.5, -0.2, 1];
    const value = (row: readonly number[]) => byBisection(row, alpha).reduce((sum, p, e) => sum + weight[e]! * p, 0);
    const gradient = tf
      .grad((z) => tf.sum(tf.mul(entmax(z, alpha), tf.tensor1d(weight))))(tf.tensor2d(rows))
      .arraySync() as number[][];
    rows.slice(0, 10).forEach((row, r) =>
      row.forEach((_, e) => {
        const moved = (by: number) => value(row.map((score, i) => (i === e ? score + by : score)));
        expect(gradient[r]![e]!).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 3);
      }),
    );
  });

  it('is 1 for a row of one, and even for equal scores', () => {
    expect(entmax(tf.tensor2d([[3]]), alpha).arraySync()).toEqual([[1]]);
    for (const p of entmax(tf.tensor2d([[2, 2, 2, 2]]), alpha).dataSync()) expect(p).toBeCloseTo(0.25, 6);
  });
});

import { randomStream } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { stability } from './stability.ts';

describe('stability', () => {
  it('is Σ (q − p) ln(q / p), with half a count more in each bin', () => {
    const [p, q] = [
      [50.5 / 101, 50.5 / 101],
      [30.5 / 101, 70.5 / 101],
    ] as const;
    const sum = [0, 1].reduce((total, i) => total + (q[i]! - p[i]!) * Math.log(q[i]! / p[i]!), 0);
    expect(stability([50, 50], [30, 70]).psi).toBeCloseTo(sum, 12);
    expect(stability([30, 70], [50, 50]).psi).toBeCloseTo(sum, 12);
    expect(stability([50, 50], [5, 5]).psi).toBe(0);
  });

  it('leaves out bins that are empty in both, and needs counts in both', () => {
    expect(stability([0, 50, 50], [0, 30, 70])).toEqual(stability([50, 50], [30, 70]));
    expect(stability([10], [3])).toEqual({ psi: 0, expected: 0, limit: 0 });
    expect(stability([10, 2], [0, 0]).psi).toBeNaN();
    expect(stability([], []).psi).toBeNaN();
  });

  it('takes entries of lists for no more than their rows', () => {
    const [entries, rows] = [stability([50, 50], [300, 700]), stability([50, 50], [300, 700], 100)];
    expect(rows.psi).toBe(entries.psi);
    expect([entries.expected, rows.expected]).toEqual([1 / 100 + 1 / 1000, 1 / 100 + 1 / 100]);
    expect(rows.limit / rows.expected).toBeCloseTo(entries.limit / entries.expected, 9);
  });

  it('without drift, has the mean that it says, and is above the limit once in a thousand', () => {
    const bins = 11;
    const [then, size] = [new Array<number>(bins).fill(20_000 / bins), 500];
    const values = Array.from({ length: 4000 }, (_, seed) => {
      const now = new Array<number>(bins).fill(0);
      for (const draw of randomStream(seed, 'drift').uniform(size)) now[Math.floor(draw * bins)]!++;
      return stability(then, now).psi;
    });
    const { limit } = stability(then, then);
    expect(limit).toBeCloseTo(29.588 * (2 / 20_000), 4); // χ² with 10 degrees of freedom
    const mean = values.reduce((sum, psi) => sum + psi, 0) / values.length;
    const noise = (bins - 1) * (1 / size); // the reference is exact here
    expect(mean / noise).toBeGreaterThan(0.94);
    expect(mean / noise).toBeLessThan(1.06);
    const above = values.filter((psi) => psi > 29.588 / size).length;
    expect(above).toBeLessThan(16);
  });
});

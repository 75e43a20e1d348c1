import { describe, expect, it } from 'vitest';
import { slopeOf } from './parameters.ts';

const OPTIONS = { tolerance: 0.01, noise: 1e-9 };

describe('slopeOf', () => {
  it.each<[string, (x: number) => number, number]>([
    ['a line', (x) => 3 * x + 1, 3],
    ['a cubic', (x) => x ** 3 + x, 1],
    ['a sine', (x) => Math.sin(5 * x), 5],
    ['a steep sigmoid', (x) => 1 / (1 + Math.exp(-20 * x)), 5],
  ])('is the derivative at 0 of %s', (_, f, slope) => {
    expect(slopeOf(f, OPTIONS)).toBeCloseTo(slope, 4);
  });

  it.each([0, 1e-5, 1e-4, 5e-4])('finds no slope where a kink is as near as %s', (distance) => {
    expect(slopeOf((x) => Math.max(0, x - distance), OPTIONS)).toBeUndefined();
  });

  it.each([0.002, 0.005, 0.0078, 0.01, 0.014, 0.02])('takes a smaller step beside a kink at %s', (distance) => {
    expect(slopeOf((x) => Math.max(0, x - distance) + x, OPTIONS)).toBeCloseTo(1, 2);
  });

  it('finds no slope where there is a jump, or where rounding drowns it', () => {
    expect(slopeOf(Math.sign, OPTIONS)).toBeUndefined();
    expect(slopeOf((x) => x, { tolerance: 0.01, noise: 1e-3 })).toBeUndefined();
  });
});

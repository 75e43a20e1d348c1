import { describe, expect, it } from 'vitest';
import { halfOf, narrowed } from './narrow-numbers.ts';

/** The number of a float16. */
function numberOf(half: number): number {
  const [exponent, fraction] = [(half >>> 10) & 31, half & 1023];
  return (
    (half & 0x8000 ? -1 : 1) * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
  );
}

describe('float16', () => {
  it('has every finite number, and rounds what is between two to the nearest, or to the even one', () => {
    for (let half = 0; half < 0x7bff; half++) {
      const [x, next] = [numberOf(half), numberOf(half + 1)];
      expect(halfOf(x)).toBe(half);
      const between = [x + 0.49 * (next - x), (x + next) / 2, x + 0.51 * (next - x)].map(halfOf);
      expect(between).toEqual([half, half + (half % 2), half + 1]);
    }
    expect([halfOf(-1.5), halfOf(65_504), halfOf(-0)]).toEqual([0xbe00, 0x7bff, 0x8000]);
  });

  it('leaves numbers that it does not hold, and few numbers, as they are', () => {
    const numbers = new Float32Array(256).fill(1);
    expect(narrowed('float16', numbers, [256])?.values[0]).toBe(0x3c00);
    expect(narrowed('float16', numbers.map((x, i) => (i === 7 ? 70_000 : x)), [256])).toBeUndefined(); // prettier-ignore
    expect(narrowed('float16', numbers.subarray(1), [255])).toBeUndefined();
  });
});

describe('int8', () => {
  it('is off by half a step of its column at most, in each matrix of a bank', () => {
    const shape = [3, 40, 5];
    const numbers = Float32Array.from({ length: 600 }, (_, i) => Math.sin(i) * 10 ** (i % 5) * (i < 200 ? 1 : 0.01));
    numbers.forEach((_, i) => i >= 400 && i % 5 === 2 && (numbers[i] = 0)); // a column of zeros
    const { values, scale } = narrowed('int8', numbers, shape)!;
    expect(scale!.shape).toEqual([3, 1, 5]);
    let most = 0;
    numbers.forEach((x, i) => {
      const step = scale!.values[Math.floor(i / 200) * 5 + (i % 5)]!;
      expect(Math.abs(values[i]! * step - x)).toBeLessThanOrEqual(step * 0.5001);
      most = Math.max(most, Math.abs(values[i]!));
    });
    expect(most).toBe(127);
    expect(scale!.values[12]).toBe(0);
  });

  it('leaves vectors, and matrices of few rows, as they are', () => {
    expect(narrowed('int8', new Float32Array(512), [512])).toBeUndefined();
    expect(narrowed('int8', new Float32Array(512), [2, 1, 256])).toBeUndefined();
  });
});

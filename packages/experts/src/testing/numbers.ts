import { expect } from 'vitest';

// Arithmetic in plain loops, to compare experts with.

/** x W (+ b). */
export const affine = (x: number[][], w: number[][], b?: number[]): number[][] =>
  x.map((row) => w[0]!.map((_, o) => row.reduce((sum, value, i) => sum + value * w[i]![o]!, b?.[o] ?? 0)));

export const each = (x: number[][], f: (value: number) => number): number[][] => x.map((row) => row.map(f));

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export const softmax = (scores: readonly number[]): number[] => {
  const powers = scores.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

/** Numbers nested alike, equal to five digits. */
export function close(got: unknown, wanted: unknown): void {
  const [flat, want] = [got, wanted].map((value) => (value as number[]).flat(Infinity) as number[]);
  expect(flat!.length).toBe(want!.length);
  flat!.forEach((value, i) => expect(value).toBeCloseTo(want![i]!, 5));
}

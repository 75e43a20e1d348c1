import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { TestLevel } from './level.ts';

/** Numbers nested alike, equal to five digits. */
export function close(got: unknown, wanted: unknown, digits = 5): void {
  const [flat, want] = [got, wanted].map((value) => (value as number[]).flat(Infinity) as number[]);
  expect(flat!.length).toBe(want!.length);
  flat!.forEach((value, i) => expect(value).toBeCloseTo(want![i]!, digits));
}

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export const softmax = (scores: readonly number[]): number[] => {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

/** Puts numbers into a parameter. */
export const write = ({ store }: TestLevel, name: string, values: readonly number[]): void => {
  const { variable } = store.get(name);
  tf.tidy(() => variable.assign(tf.tensor([...values], variable.shape)));
};

/** How many of the numbers fit. */
export const countOf = (values: readonly number[], fits: (value: number) => boolean): number => values.filter(fits).length;

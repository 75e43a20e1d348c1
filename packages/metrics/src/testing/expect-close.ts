import { expect } from 'vitest';

/** Fails, with both numbers, if two numbers differ by more than `relative` of the expected one (and 1e-300). */
export const expectClose = (value: number, expected: number, relative: number): void => {
  if (!(Math.abs(value - expected) <= relative * Math.abs(expected) + 1e-300)) expect(value).toBe(expected);
};

import { expect } from 'vitest';
import values from './scipy-values.json' with { type: 'json' };

/** Values of SciPy and scikit-learn, which `make-scipy-values.py` writes. */
export const scipyValues = values;

/** The pairs by name. Some tests of SciPy don't take all of them. */
export const scipyPairs: readonly [string, Paired][] = Object.entries(values.paired);

type Paired = typeof values.paired.hundred & { wilcoxonExact?: number; permutation?: number };

/** Fails if two numbers differ by more than `relative` × the expected number (+ 1e-300). */
export const expectClose = (value: number, expected: number, relative: number): void => {
  if (!(Math.abs(value - expected) <= relative * Math.abs(expected) + 1e-300)) expect(value).toBe(expected);
};

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { FriedmanTest } from '../statistics/friedman-test.ts';

interface PairedCase {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly t: number;
  readonly pValue: number;
  readonly low: number;
  readonly high: number;
  readonly wilcoxonNormal: number;
  readonly wilcoxonExact?: number;
  readonly sign: number;
  readonly permutation?: number;
}

interface BootstrapCase {
  readonly samples: readonly (readonly number[])[];
  readonly paired: boolean;
  readonly percentile: readonly [number, number];
  readonly BCa: readonly [number, number];
  readonly standardError: number;
}

interface FriedmanCase extends Omit<FriedmanTest, 'blocks'> {
  readonly values: readonly (readonly number[])[];
}

/** Columns of rows, and the metrics by name; with `Weighted` after the name, with the weights. */
type MeasuredRows<Columns extends string> = Readonly<Record<Columns | 'weights', readonly number[]>> &
  Readonly<Record<string, number | readonly number[]>>;

/** The file that `make-scipy-values.py` writes. */
interface ScipyValues {
  /** Rows of arguments, followed by the value. */
  readonly distributions: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly paired: Readonly<Record<string, PairedCase>>;
  readonly bootstrap: {
    readonly resamples: number;
    readonly seed: number;
    readonly cases: Readonly<Record<string, BootstrapCase>>;
  };
  readonly adjusted: Readonly<Record<'pValues' | 'holm' | 'benjaminiHochberg', readonly number[]>>;
  readonly delong: Readonly<Record<'labels' | 'a' | 'b', readonly number[]>> &
    Readonly<Record<'aucs' | 'plain' | 'logit', readonly [number, number]>> &
    Readonly<Record<'variance' | 'differenceVariance' | 'z' | 'pValue', number>>;
  readonly friedman: FriedmanCase;
  readonly friedmanTies: FriedmanCase;
  readonly binary: MeasuredRows<'labels' | 'probabilities'>;
  readonly regression: MeasuredRows<'values' | 'predictions'>;
  readonly multiclass: MeasuredRows<'labels' | 'scores'>;
}

/** Values of SciPy and scikit-learn. `scipy-values.json` has the versions. */
export const scipyValues = JSON.parse(
  readFileSync(new URL('scipy-values.json', import.meta.url), 'utf8'),
) as ScipyValues;

/** Fails if two numbers differ by more than `relative` × the expected number (+ 1e-300). */
export const expectClose = (value: number, expected: number, relative: number): void => {
  if (!(Math.abs(value - expected) <= relative * Math.abs(expected) + 1e-300)) expect(value).toBe(expected);
};

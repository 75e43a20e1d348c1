import { readFileSync } from 'node:fs';

type Rows = readonly (readonly number[])[];

/** The values that `fixtures/make_values.py` computed. */
export interface Values {
  readonly cases: readonly {
    readonly jacobian: Rows;
    readonly orders: Rows;
    readonly draws: readonly number[];
    readonly leak: readonly number[];
    readonly mgda: readonly number[];
    readonly mgdaUnits: readonly number[];
    readonly pcgrad: readonly number[];
    readonly cagrad: readonly number[];
    readonly nash: readonly number[];
    readonly imtl: readonly number[];
    readonly aligned: readonly number[];
    readonly graddrop: readonly number[];
  }[];
  readonly run: {
    readonly jacobians: readonly Rows[];
    readonly losses: Rows;
    readonly gradnorm: Rows;
    readonly rotograd: Rows;
  };
  readonly losses: { readonly losses: Rows; readonly epochs: readonly number[] } & Readonly<
    Record<'uncertainty' | 'imtl' | 'famo' | 'dwa' | 'ple', Rows>
  >;
  readonly rotations: readonly {
    /** Gradients of the heads' inputs, [T][rows × width]. */
    readonly heads: Rows;
    readonly width: number;
    readonly size: number;
    readonly rate: number;
    readonly decay: number;
    /** After each step, [steps][T][size × size]. */
    readonly kernels: readonly Rows[];
  }[];
}

export const values = JSON.parse(
  readFileSync(new URL('../../fixtures/values.json', import.meta.url), 'utf8'),
) as Values;

/** Σ w_i g_i */
export const combined = (weights: readonly number[], jacobian: Rows): number[] =>
  jacobian[0]!.map((_, p) => weights.reduce((sum, weight, i) => sum + weight * jacobian[i]![p]!, 0));

/** J Jᵀ of plain rows. */
export const products = (jacobian: Rows): number[][] =>
  jacobian.map((a) => jacobian.map((b) => a.reduce((sum, value, p) => sum + value * b[p]!, 0)));

export const length = (vector: readonly number[]): number => Math.hypot(...vector);

export const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `task${i}`);

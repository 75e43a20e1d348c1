import { readFileSync } from 'node:fs';
import { createBalancer } from '../balancer.ts';
import type { BalancerSpec } from '../define.ts';
import { seeded } from './random.ts';

const start = { step: 0, epoch: 0 };

export const weightsOf = (
  spec: BalancerSpec<'gramian'>,
  jacobian: readonly (readonly number[])[],
  seed = 1,
): number[] =>
  createBalancer(spec, { tasks: names(jacobian.length), random: seeded(seed) }).weights(start, {
    losses: jacobian.map(() => 1),
    gramian: products(jacobian),
  });

export const directionOf = (
  spec: BalancerSpec<'gramian'>,
  jacobian: readonly (readonly number[])[],
  seed = 1,
): number[] => combined(weightsOf(spec, jacobian, seed), jacobian);

type Rows = readonly (readonly number[])[];
type OfCase =
  | 'draws'
  | 'leak'
  | 'mgda'
  | 'mgdaUnits'
  | 'pcgrad'
  | 'cagrad'
  | 'nash'
  | 'imtl'
  | 'aligned'
  | 'graddrop'
  | OfConflicts;
type OfConflicts = 'upgrad' | 'dualproj' | 'fairgrad' | 'config';
type OfRun = 'losses' | 'gradnorm' | 'rotograd' | 'orders' | 'gradvac' | 'dbmtl' | 'excess';
type OfLosses = 'losses' | 'uncertainty' | 'imtl' | 'famo' | 'dwa' | 'ple' | 'geometric' | 'tchebycheff' | 'go4align';

/** The values that `fixtures/make_values.py` computed. Each balancer has a field. */
export interface Values {
  readonly cases: readonly (Readonly<Record<'jacobian' | 'orders', Rows>> &
    Readonly<Record<OfCase, readonly number[]>>)[];
  readonly run: { readonly jacobians: readonly Rows[] } & Readonly<Record<OfRun, Rows>>;
  readonly losses: { readonly epochs: readonly number[] } & Readonly<Record<OfLosses, Rows>>;
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

export const combined = (weights: readonly number[], jacobian: Rows): number[] =>
  jacobian[0]!.map((_, p) => weights.reduce((sum, weight, i) => sum + weight * jacobian[i]![p]!, 0));

/** J Jᵀ of plain rows. */
export const products = (jacobian: Rows): number[][] =>
  jacobian.map((a) => jacobian.map((b) => a.reduce((sum, value, p) => sum + value * b[p]!, 0)));

export const length = (vector: readonly number[]): number => Math.hypot(...vector);

export const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `task${i}`);

import {
  gradientDiagnostics,
  type Balancer,
  type GradientDiagnostics,
  type Losses,
  type Place,
} from '@polytask/balancing';
import type { PassNumbers, RunPass } from './pass-contract.ts';
import type { SharedParts } from './shared-parts.ts';

/** The gradients of a step, balanced. */
export interface BalancedGradients {
  /** [tasks + auxiliary + 1] */
  readonly losses: Float32Array;
  /** [P]; none when a loss isn't finite */
  readonly gradients: Float32Array | undefined;
  /** [T]; none of the Jacobian contract */
  readonly weights: readonly number[] | undefined;
  readonly diagnostics: GradientDiagnostics | undefined;
  /** [T, m, m]: how the gradients pull at the rotations that are turned. */
  readonly pulls?: Float32Array | undefined;
}

export interface BalanceOptions {
  readonly balancer: Balancer;
  readonly parts: SharedParts;
  /** Where sharing ends, for a balancer of gradients at the representation. */
  readonly cut: string | undefined;
  /** Whether the balancer turns the model's rotations. */
  readonly turns: boolean;
  /** [T]: the tasks' own weights */
  readonly counts: readonly number[];
  readonly present: readonly boolean[];
  readonly place: Place;
}

/** A weight of 0 would take a task's own gradient away as well: so little of the greatest weight is used in its place. */
const LEAST = 1e-6;

/**
 * One step of balancing. Losses are weighed as a whole. Gradients are balanced where tasks share parameters; a parameter of
 * one task alone has that task's plain gradient, and the model's own losses are added as they are.
 */
export async function balancedGradients(run: RunPass, options: BalanceOptions): Promise<BalancedGradients> {
  const { balancer, parts } = options;
  if (balancer.contract === 'losses') return byLosses(run, balancer, options);
  if (parts.sharedSize === 0) return plain(run, options);
  if (balancer.contract === 'gramian' && balancer.spec.of === 'representation')
    return byRepresentation(run, balancer, options);
  return byJacobian(run, balancer, options);
}

async function byLosses(
  run: RunPass,
  balancer: Balancer & { contract: 'losses' },
  options: BalanceOptions,
): Promise<BalancedGradients> {
  const first = balancer.needsLosses ? await run('losses') : undefined;
  if (first && !finite(first)) return stopped(first);
  const weights = balancer.weights(options.place, first && seenOf(first, options));
  const found = await run('weighted', { weights });
  if (!finite(found)) return stopped(found);
  balancer.learn(options.place, seenOf(found, options));
  return { losses: found.losses, gradients: withAuxiliary(found.gradients!, found), weights, diagnostics: undefined };
}

/** Nothing is shared: there is nothing to balance. */
async function plain(run: RunPass, { counts }: BalanceOptions): Promise<BalancedGradients> {
  const weights = counts.map(() => 1);
  const found = await run('weighted', { weights });
  return { losses: found.losses, gradients: withAuxiliary(found.gradients!, found), weights, diagnostics: undefined };
}

async function byRepresentation(
  run: RunPass,
  balancer: Balancer & { contract: 'gramian' },
  options: BalanceOptions,
): Promise<BalancedGradients> {
  const first = await run(options.turns ? 'rotations' : 'representation', { cut: options.cut });
  if (!finite(first)) return stopped(first);
  const seen = { ...seenOf(first, options), gramian: squareOf(first.gramian!, options.counts.length) };
  const weights = balancer.weights(options.place, seen);
  balancer.learn(options.place, seen);
  const greatest = Math.max(...weights.map(Math.abs)) || 1;
  const used = weights.map((weight) => (Math.abs(weight) < LEAST * greatest ? LEAST * greatest : weight));
  const found = await run('weighted', { weights: used });
  const gradients = Float32Array.from(found.gradients!);
  for (const { from, size, task } of options.parts.own) {
    for (let p = from; p < from + size; p++) gradients[p]! /= used[task]!;
  }
  return {
    losses: found.losses,
    gradients: withAuxiliary(gradients, found),
    weights,
    diagnostics: gradientDiagnostics(seen.gramian),
    pulls: first.pulls,
  };
}

async function byJacobian(
  run: RunPass,
  balancer: Balancer & { contract: 'gramian' | 'jacobian' },
  options: BalanceOptions,
): Promise<BalancedGradients> {
  const { parts, counts, place } = options;
  const found = await run('jacobian', { shared: parts.shared });
  if (!finite(found)) return stopped(found);
  const gramian = squareOf(found.gramian!, counts.length);
  const jacobian = counts.map((_, i) => found.jacobian!.subarray(i * parts.sharedSize, (i + 1) * parts.sharedSize));
  const seen = { ...seenOf(found, options), gramian, jacobian };
  const weights = balancer.contract === 'gramian' ? balancer.weights(place, seen) : undefined;
  const vector = balancer.contract === 'gramian' ? combined(jacobian, weights!) : balancer.vector(place, seen);
  balancer.learn(place, seen);
  const gradients = Float32Array.from(found.gradients!);
  let at = 0;
  for (const { from, size } of parts.shared) {
    gradients.set(vector.subarray(at, at + size), from);
    at += size;
  }
  return {
    losses: found.losses,
    gradients: withAuxiliary(gradients, found),
    weights,
    diagnostics: gradientDiagnostics(gramian),
  };
}

/** So many numbers of a sum stay in the nearest cache. */
const BLOCK = 2048;

/** Σ w_i g_i */
function combined(jacobian: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const sum = new Float32Array(jacobian[0]!.length);
  for (let from = 0; from < sum.length; from += BLOCK) {
    const to = Math.min(sum.length, from + BLOCK);
    jacobian.forEach((row, i) => {
      const weight = weights[i]!;
      for (let p = from; p < to; p++) sum[p]! += weight * row[p]!;
    });
  }
  return sum;
}

function withAuxiliary(gradients: Float32Array, { auxiliary }: PassNumbers): Float32Array {
  return auxiliary ? gradients.map((value, p) => value + auxiliary[p]!) : gradients;
}

const seenOf = ({ losses }: PassNumbers, { counts, present }: BalanceOptions): Losses => ({
  losses: counts.map((count, i) => count * losses[i]!),
  present,
});

const squareOf = (numbers: Float32Array, size: number): number[][] =>
  Array.from({ length: size }, (_, i) => [...numbers.subarray(i * size, (i + 1) * size)]);

const finite = ({ losses }: PassNumbers): boolean => losses.every(Number.isFinite);

/** `fit` says which loss it was. */
const stopped = ({ losses }: PassNumbers): BalancedGradients => ({
  losses,
  gradients: undefined,
  weights: undefined,
  diagnostics: undefined,
});

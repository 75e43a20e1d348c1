import { createBalancer } from '../balancer.ts';
import type { BalancerSpec } from '../define.ts';
import { seeded } from './random.ts';
import { combined, names, products } from './values.ts';

const start = { step: 0, epoch: 0 };

/** The weights of a Gramian balancer in its first step. */
export const weightsOf = (
  spec: BalancerSpec<'gramian'>,
  jacobian: readonly (readonly number[])[],
  seed = 1,
): number[] =>
  createBalancer(spec, { tasks: names(jacobian.length), random: seeded(seed) }).weights(start, {
    losses: jacobian.map(() => 1),
    gramian: products(jacobian),
  });

/** The combined gradient of a Gramian balancer in its first step. */
export const directionOf = (
  spec: BalancerSpec<'gramian'>,
  jacobian: readonly (readonly number[])[],
  seed = 1,
): number[] => combined(weightsOf(spec, jacobian, seed), jacobian);

/**
 * The named properties of every balancer of this package, on random gradients, compared with the table of docs/balancing.md. A property
 * that the table names must hold in all draws, and one that it doesn't name must fail in some.
 */
import { readFileSync } from 'node:fs';
import { componentsOf, createSpec } from '@polytask/components';
import { expect, it } from 'vitest';
import { createBalancer } from './balancer.ts';
import './index.ts';
import type { BalancerSpec } from './define.ts';
import { dot } from './algebra/solve.ts';
import { seeded, randomGradients } from './testing/random.ts';
import { combined, length, names, products } from './testing/values.ts';

/** The gradients and losses of each step; the last one is looked at. */
type Run = readonly { readonly jacobian: readonly (readonly number[])[]; readonly losses: readonly number[] }[];

const REQUIRED: Readonly<Record<string, object>> = {
  'static-weights': { weights: 2 },
  'decaying-weights': { rate: 0.9 },
};

/** The direction of the last step of a run with an epoch per step. */
function directionOf(spec: BalancerSpec, run: Run): number[] {
  const balancer = createBalancer(spec, { tasks: names(run[0]!.losses.length), random: seeded(5) });
  return run
    .map(({ jacobian, losses }, step) => {
      const place = { step, epoch: step };
      const input = { losses, gramian: products(jacobian), jacobian: jacobian.map((row) => Float32Array.from(row)) };
      const direction =
        balancer.contract === 'jacobian'
          ? [...balancer.vector(place, input)]
          : combined(balancer.weights(place, input), jacobian);
      balancer.learn(place, input);
      return direction;
    })
    .at(-1)!;
}

const random = seeded(3);
const numbers = (count: number): number[] => Array.from(random.uniform(count), (u) => 0.1 + 3 * u);
const runOf = (jacobians: Run[number]['jacobian'][]): Run =>
  jacobians.map((jacobian) => ({ jacobian, losses: numbers(jacobian.length) }));

/** With more parameters than tasks: no gradient is a combination of the others. */
const RUNS = [2, 3, 4].flatMap((tasks) =>
  Array.from({ length: 8 }, (_, k) => runOf(randomGradients(3, [tasks, 2 * tasks], 100 * tasks + k))),
);

/** Runs of gradients of which some add up to 0 with positive weights, but never all: Σ w_i g_i ≠ 0 for all w > 0. */
const WEAKLY_STATIONARY = randomGradients(15, [4, 5], 9).map((rows) => {
  const [a, b] = rows as [number[], number[]];
  const [v, w] = numbers(2) as [number, number];
  const flat = [a, b, a.map((value, p) => -v * value - w * b[p]!)].map((row) => [...row, 0]);
  const jacobian = [...flat, [...rows[3]!, 1]];
  return runOf([jacobian, jacobian, jacobian]);
});

const scaled = (run: Run, factors: readonly number[]): Run =>
  run.map(({ jacobian, losses }) => ({
    jacobian: jacobian.map((row, i) => row.map((value) => value * factors[i]!)),
    losses: losses.map((loss, i) => loss * factors[i]!),
  }));
const largest = ({ jacobian }: Run[number]) => Math.max(...jacobian.map(length));
const isNear = (a: readonly number[], b: readonly number[], size: number) =>
  a.every((value, p) => Math.abs(value - b[p]!) < 1e-4 * size);

const PROPERTIES: Readonly<Record<string, (spec: BalancerSpec) => boolean>> = {
  N: (spec) =>
    RUNS.every((run) => {
      const direction = directionOf(spec, run);
      const last = run.at(-1)!;
      return last.jacobian.every((row) => dot(row, direction) > -1e-4 * length(row) * largest(last));
    }),
  S: (spec) => WEAKLY_STATIONARY.every((run) => length(directionOf(spec, run)) > 1e-3),
  L: (spec) =>
    RUNS.every((run) => {
      const [c, d, [alpha, beta]] = [numbers(4), numbers(4), numbers(2) as [number, number]];
      const sum = c.map((value, i) => alpha * value + beta * d[i]!);
      const [one, other] = [c, d].map((factors) => directionOf(spec, scaled(run, factors)));
      const expected = one!.map((value, p) => alpha * value + beta * other![p]!);
      return isNear(directionOf(spec, scaled(run, sum)), expected, length(expected));
    }),
  P: (spec) =>
    RUNS.every((run) => {
      const turned = run.map(({ jacobian: [g, ...rows], losses: [l, ...losses] }) => ({
        jacobian: [...rows, g!],
        losses: [...losses, l!],
      }));
      return isNear(directionOf(spec, turned), directionOf(spec, run), largest(run.at(-1)!));
    }),
  I: (spec) =>
    RUNS.every((run) => {
      const [one, other] = [run, scaled(run, numbers(4))].map((each) => directionOf(spec, each));
      return dot(one!, other!) > (1 - 1e-6) * length(one!) * length(other!);
    }),
};

/** `rotograd-scale` and `rotoGradScale` alike. */
const plain = (name: string) => name.replaceAll('-', '').toLowerCase();

/** The letters of each row of the table. */
const claims = new Map(
  [
    ...readFileSync(new URL('../../../docs/balancing.md', import.meta.url), 'utf8').matchAll(
      /^\| `(\w+)` \|[^|\n]*\|[^|\n]*\| ([NSLPI ]*)\|/gm,
    ),
  ].map(([, name, letters]) => [plain(name!), letters!.trim()]),
);

it.each(componentsOf('balancer').filter((each) => each.package === '@polytask/balancing'))(
  '$name has the properties that the docs say',
  ({ name }) => {
    const spec = createSpec('balancer', name, REQUIRED[name]) as BalancerSpec;
    const found = Object.entries(PROPERTIES).flatMap(([letter, holds]) => (holds(spec) ? [letter] : []));
    const called = name === 'equal' ? 'equalWeights' : name; // the only function that isn't called as its component
    expect(claims.get(plain(called))).toBe(found.join(' '));
  },
);

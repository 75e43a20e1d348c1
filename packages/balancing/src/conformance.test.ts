/** What every balancer has to keep to, whatever its equation. */
import { describe, expect, it } from 'vitest';
import { createBalancer, GramianBalancer, JacobianBalancer, type Balancer, type LossBalancer } from './balancer.ts';
import type { BalancerSpec, Json } from './contracts.ts';
import * as api from './index.ts';
import { seeded } from './testing/random.ts';
import { combined, cosine, length, names, products } from './testing/values.ts';

interface Row {
  readonly spec: BalancerSpec;
  /** One task gives the gradient itself, not a multiple of it; true unless said. */
  readonly exact?: false;
  /** Multiplying a loss by a number leaves the direction of the first step as it is. */
  readonly scaleInvariant?: true;
  readonly random?: true;
}

const BALANCERS: Readonly<Record<string, Row>> = {
  equal: { spec: api.equal() },
  'static-weights': { spec: api.staticWeights([2, 2, 2]), exact: false },
  'decaying-weights': { spec: api.decayingWeights({ rate: 0.9 }), exact: false },
  'random-weights': { spec: api.randomWeights(), random: true },
  'dynamic-weight-average': { spec: api.dynamicWeightAverage() },
  'uncertainty-weights': { spec: api.uncertaintyWeights(), exact: false },
  'imtl-loss': { spec: api.imtlLoss(), exact: false },
  famo: { spec: api.famo(), scaleInvariant: true },
  'plain-sum': { spec: api.plainSum() },
  mgda: { spec: api.mgda() },
  'mgda of units': { spec: api.mgda({ normalize: 'norm' }), scaleInvariant: true },
  pcgrad: { spec: api.pcGrad(), random: true },
  cagrad: { spec: api.caGrad() },
  'nash-mtl': { spec: api.nashMtl(), scaleInvariant: true },
  'imtl-gradient': { spec: api.imtlGradient(), scaleInvariant: true },
  'aligned-mtl': { spec: api.alignedMtl() },
  gradnorm: { spec: api.gradNorm() },
  'rotograd-scale': { spec: api.rotoGradScale(), scaleInvariant: true },
  rotograd: { spec: api.rotoGrad(), scaleInvariant: true },
  graddrop: { spec: api.gradDrop(), random: true },
};

/** Three tasks, each in conflict with another. */
const JACOBIAN = [
  [1, -2, 0.5, 0.25, 1],
  [-1.5, 1, 0.5, 1, 0.5],
  [0.1, -0.2, -0.7, 0.3, -0.1],
];
const LOSSES = [0.7, 2.5, 0.1];

interface Problem {
  readonly jacobian: number[][];
  readonly losses: number[];
}

const whole: Problem = { jacobian: JACOBIAN, losses: LOSSES };
const of = (tasks: readonly number[]): Problem => ({
  jacobian: tasks.map((i) => JACOBIAN[i]!),
  losses: tasks.map((i) => LOSSES[i]!),
});

const make = (spec: BalancerSpec, tasks: number, seed = 1): Balancer =>
  createBalancer(fitted(spec, tasks), { tasks: names(tasks), random: seeded(seed) }) as Balancer;

/** Static weights are for so many tasks. */
const fitted = (spec: BalancerSpec, tasks: number): BalancerSpec =>
  spec.kind === 'static-weights' ? api.staticWeights(names(tasks).map(() => 2)) : spec;

/** The direction of a step, after which the balancer has learned from it. */
function step(balancer: Balancer, { jacobian, losses }: Problem, at = 0): number[] {
  const place = { step: at, epoch: Math.floor(at / 2) };
  const input = { losses, gramian: products(jacobian), jacobian: jacobian.map((row) => Float32Array.from(row)) };
  const direction =
    balancer instanceof JacobianBalancer
      ? [...balancer.vector(place, input)]
      : combined(balancer.weights(place, input), jacobian);
  balancer.learn(place, input);
  return direction;
}

const run = (balancer: Balancer, from: number, to: number): number[][] =>
  Array.from({ length: to - from }, (_, i) =>
    step(balancer, { ...whole, losses: LOSSES.map((loss, t) => loss / (1 + (from + i) * (t + 1))) }, from + i),
  );

it('has a row for every balancer', () => {
  const defined = api.balancerKinds();
  expect(Object.values(BALANCERS).map(({ spec }) => spec.kind)).toEqual(expect.arrayContaining(defined));
  expect(defined.length).toBeGreaterThanOrEqual(18);
});

describe.each(Object.entries(BALANCERS))('%s', (name, { spec, exact = true, random }) => {
  it('is plain JSON, and works the same after a round trip', () => {
    const copy = JSON.parse(JSON.stringify(spec)) as BalancerSpec;
    expect(copy).toEqual(spec);
    expect(run(make(copy, 3), 0, 3)).toEqual(run(make(spec, 3), 0, 3));
  });

  it('gives the plain gradient of one task', () => {
    const only = step(make(spec, 1), of([0]));
    expect(cosine(only, JACOBIAN[0]!)).toBeCloseTo(1, 6);
    if (exact) expect(length(only)).toBeCloseTo(length(JACOBIAN[0]!), 5);
  });

  it('knows no order of tasks', () => {
    if (name === 'random-weights') {
      const shares = (make(spec, 3) as LossBalancer).weights({ step: 0, epoch: 0 });
      expect(new Set(shares).size).toBe(3); // its order is the stream's
      return;
    }
    // PCGrad draws an order where there are more than two
    const order = name === 'pcgrad' ? [1, 0] : [2, 0, 1];
    const straight = step(make(spec, order.length), of([...order].sort()));
    const permuted = step(make(spec, order.length), of(order));
    permuted.forEach((value, p) => expect(value).toBeCloseTo(straight[p]!, 5));
  });

  it('repeats itself with the same seed, and not with another if it is random', () => {
    expect(run(make(spec, 3, 5), 0, 4)).toEqual(run(make(spec, 3, 5), 0, 4));
    const others = [6, 7, 8, 9].map((seed) => JSON.stringify(run(make(spec, 3, seed), 0, 4)));
    expect(new Set(others).size > 1).toBe(random === true);
  });

  it('goes on from a saved state as if it had never stopped', () => {
    const straight = run(make(spec, 3), 0, 8);
    const first = make(spec, 3);
    run(first, 0, 4);
    const saved = JSON.stringify(first.state);
    expect(JSON.parse(JSON.stringify(JSON.parse(saved)))).toEqual(first.state);
    const second = make(spec, 3);
    if (random) run(second, 0, 4); // brings its stream to the place
    second.restore(JSON.parse(saved) as Json);
    expect(run(second, 4, 8)).toEqual(straight.slice(4));
    run(second, 8, 9);
    expect(JSON.stringify(first.state)).toBe(saved);
  });

  it('takes a task whose gradient is 0, without a label in the batch', () => {
    const balancer = make(spec, 3);
    const jacobian = [JACOBIAN[0]!, JACOBIAN[0]!.map(() => 0), JACOBIAN[2]!];
    const present = [true, false, true];
    const input = {
      losses: [0.7, 0, 0.1],
      present,
      gramian: products(jacobian),
      jacobian: jacobian.map((row) => Float32Array.from(row)),
    };
    for (let at = 0; at < 5; at++) {
      const place = { step: at, epoch: at };
      const values =
        balancer instanceof JacobianBalancer ? [...balancer.vector(place, input)] : balancer.weights(place, input);
      expect(values.every(Number.isFinite)).toBe(true);
      balancer.learn(place, input);
    }
    expect(JSON.stringify(balancer.state)).not.toMatch(/NaN|Infinity/);
  });

  it('refuses what is not of its tasks, and what is not finite', () => {
    const balancer = make(spec, 3);
    const place = { step: 0, epoch: 0 };
    const input = {
      losses: LOSSES,
      gramian: products(JACOBIAN),
      jacobian: JACOBIAN.map((row) => Float32Array.from(row)),
    };
    expect(() => balancer.learn(place, { ...input, losses: [1, 2] })).toThrow(
      'Expected 3 losses (task0, task1, task2), received 2.',
    );
    expect(() => balancer.learn(place, { ...input, losses: [1, NaN, 2] })).toThrow(
      'Expected a finite loss of task "task1", received NaN.',
    );
    expect(() => balancer.learn(place, { ...input, present: [true] })).toThrow('received 1 marks of presence');
    expect(() => balancer.restore('another' as never)).toThrow('Expected a state of');
    if (balancer instanceof GramianBalancer) {
      expect(() => balancer.weights(place, { ...input, gramian: [[1]] })).toThrow(
        'Expected a Gramian [3][3], received [1][1].',
      );
      const wrong = products(JACOBIAN);
      wrong[0]![1] = Infinity;
      expect(() => balancer.weights(place, { ...input, gramian: wrong })).toThrow(
        'Expected a finite inner product of "task0" and "task1"',
      );
    }
    if (balancer instanceof JacobianBalancer) {
      expect(() => balancer.vector(place, { ...input, jacobian: [Float32Array.of(1)] })).toThrow(
        'Expected 3 gradients of one length',
      );
    }
  });
});

const scaled = (scale: readonly number[]): Problem => ({
  jacobian: JACOBIAN.map((row, t) => row.map((value) => value * scale[t]!)),
  losses: LOSSES.map((loss, t) => loss * scale[t]!),
});

it.each(Object.entries(BALANCERS).filter(([, { scaleInvariant }]) => scaleInvariant))(
  '%s keeps its direction when a loss is scaled',
  (_, { spec }) => {
    expect(cosine(step(make(spec, 3), scaled([1, 40, 0.3])), step(make(spec, 3), whole))).toBeCloseTo(1, 6);
  },
);

it('the plain sum does not', () => {
  expect(cosine(step(make(api.equal(), 3), scaled([1, 40, 0.3])), step(make(api.equal(), 3), whole))).toBeLessThan(0.9);
});

import { describe, expect, it } from 'vitest';
import { adam } from '../adam.ts';
import { createOptimizer, type OptimizerSpec } from '../optimizer.ts';
import { sgd } from '../sgd.ts';
import { idleHistory } from './idle-history.ts';

const numbers = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  sqrt: Math.sqrt,
  square: (a: number) => a * a,
  abs: Math.abs,
  maximum: Math.max,
  minimum: Math.min,
  neg: (a: number) => -a,
  sign: Math.sign,
};

/** One number with its slots, updated step by step in double precision with a gradient of 0. */
function stepByStep(spec: OptimizerSpec, start: Record<string, number>, steps: readonly number[], from: number) {
  const optimizer = createOptimizer(spec);
  let { parameter, ...slots } = start as { parameter: number };
  steps.forEach((learningRate, i) => {
    const coefficients = optimizer.coefficients({ step: from + i, learningRate });
    ({ parameter, slots } = optimizer.update({ parameter, gradient: 0, slots }, coefficients, numbers) as never);
  });
  return { parameter, ...slots };
}

describe('steps without a gradient', () => {
  const cases: [string, OptimizerSpec, Record<string, number>][] = [
    ['Adam', adam(), { parameter: 0.5, m: 1e-3, v: 1e-5 }],
    ['Adam with a long memory', adam(1e-3, { beta1: 0.99 }), { parameter: -0.2, m: -1e-3, v: 4e-6 }],
    ['Adam where ε counts', adam(), { parameter: 0.1, m: 1e-7, v: 1e-12 }],
    ['momentum', sgd(0.1, { momentum: 0.9 }), { parameter: 0.5, momentum: 0.02 }],
    ['Nesterov', sgd(0.1, { momentum: 0.9, nesterov: true }), { parameter: 0.5, momentum: 0.02 }],
  ];

  it.each(cases)('have the effect of one move: %s', (_, spec, start) => {
    const optimizer = createOptimizer(spec);
    const from = 11; // the first step of the history
    const steps = Array.from({ length: 400 }, (__, i) => 1e-3 * (1 + Math.sin(i / 9)));
    for (const [since, now] of [
      [0, 1],
      [0, 400],
      [7, 10],
      [100, 399],
    ] as const) {
      const history = idleHistory(optimizer.idle)!;
      for (let i = 0; i < now; i++) history.add(optimizer.coefficients({ step: from + i, learningRate: steps[i]! }));
      const { parameter, ...slots } = Object.fromEntries(
        Object.entries(start).map(([name, value]) => [name, Float32Array.of(0, value, 0)]),
      ) as Record<string, Float32Array>;
      history.move(Int32Array.of(now, since), { parameters: parameter!, slots, dimension: 1 }); // the third number is no row
      const expected = stepByStep(spec, start, steps.slice(since, now), from + since);
      const moved = expected.parameter - start['parameter']!;
      expect(Math.abs(parameter![1]! - expected.parameter)).toBeLessThan(1e-7 + 2e-4 * Math.abs(moved));
      for (const [slot, [before, value, after]] of Object.entries(slots)) {
        expect([before, after]).toEqual([0, 0]);
        const own = (expected as Record<string, number>)[slot]!;
        expect(Math.abs(value! - own)).toBeLessThan(1e-38 + 2e-7 * Math.abs(own)); // the rounding of float32
      }
    }
  });

  it('go on in another history', () => {
    const optimizer = createOptimizer(adam());
    const [a, b] = [idleHistory(optimizer.idle)!, idleHistory(optimizer.idle)!];
    const add = (history: typeof a, from: number, to: number) => {
      for (let step = from; step <= to; step++) history.add(optimizer.coefficients({ step, learningRate: 1e-3 }));
    };
    add(a, 1, 200);
    b.adopt(a.sums());
    add(a, 201, 300);
    add(b, 201, 300);
    expect(b.sums()).toEqual(a.sums());
    expect(b.now()).toBe(300);
  });

  it('are left out where moves do not fade', () => {
    expect(idleHistory(createOptimizer(adam(1e-3, { beta1: 0.99, beta2: 0.9 })).idle)).toBeUndefined();
    expect(idleHistory(createOptimizer(adam(1e-3, { beta1: 0.9999, beta2: 0.9999 })).idle)).toBeUndefined();
    expect(idleHistory(undefined)).toBeUndefined();
  });
});

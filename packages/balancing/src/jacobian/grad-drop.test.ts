import { expect, it } from 'vitest';
import { createBalancer } from '../balancer.ts';
import { seeded } from '../testing/random.ts';
import { gradDrop } from './grad-drop.ts';

const start = { step: 0, epoch: 0 };
const rows = (...gradients: number[][]) => ({
  losses: gradients.map(() => 1),
  jacobian: gradients.map((row) => Float32Array.from(row)),
});
const make = (leak?: number | readonly number[]) =>
  createBalancer(gradDrop(leak === undefined ? {} : { leak }), { tasks: ['a', 'b'], random: seeded(2) });

it('is the sum where all signs agree', () => {
  expect([...make().vector(start, rows([1, -2, 0], [3, -0.5, 0]))]).toEqual([4, -2.5, 0]);
});

it('lets one sign survive, the positive one as often as its share says', { tags: ['long'] }, () => {
  const balancer = make();
  let positive = 0;
  for (let i = 0; i < 200; i++) {
    for (const value of balancer.vector(start, rows(new Array<number>(50).fill(3), new Array<number>(50).fill(-1)))) {
      expect([3, -1]).toContain(value);
      if (value > 0) positive++;
    }
  }
  expect(Math.abs(positive / 10_000 - 0.75)).toBeLessThan(0.02); // P = ½ (1 + 2/4); five standard errors
});

it('passes everything with a leak of 1, and a task of its own with a leak for it', () => {
  expect([...make(1).vector(start, rows([3, -1], [-1, 5]))]).toEqual([2, 4]);
  const size = 400;
  const leaky = make([1, 0]).vector(start, rows(new Array<number>(size).fill(3), new Array<number>(size).fill(-1)));
  expect(new Set(leaky)).toEqual(new Set([3, 2])); // a always, b when the negative sign survives
});

it('refuses a leak above 1', () => {
  expect(() => gradDrop({ leak: { a: 2 } })).toThrow('Expected a number in [0, 1] for graddrop.leak.a, received 2.');
});

import { expect, it } from 'vitest';
import { createBalancer } from '../balancer.ts';
import { seeded } from '../testing/random.ts';
import { gradNorm } from './grad-norm.ts';

const tasks = ['a', 'b', 'c'];
const diagonalOf = (norms: readonly number[]) => norms.map((norm, i) => norms.map((_, j) => (i === j ? norm ** 2 : 0)));

it('has weights that add up to T at every step', () => {
  const random = seeded(4);
  const balancer = createBalancer(gradNorm({ learningRate: 0.1 }), { tasks, random });
  for (let step = 0; step < 100; step++) {
    const input = {
      losses: Array.from(random.uniform(3), (u) => u + 0.1),
      gramian: diagonalOf(Array.from(random.uniform(3), (u) => 0.2 + 2 * u)),
    };
    const weights = balancer.weights({ step, epoch: 0 }, input);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(3, 10);
    expect(Math.min(...weights)).toBeGreaterThan(0);
    balancer.learn({ step, epoch: 0 }, input);
  }
});

it('makes the weighted norms equal with α = 0, and greater for the slower task with α > 0', () => {
  const norms = [4, 1, 0.5];
  const settle = (alpha: number) => {
    const balancer = createBalancer(gradNorm({ alpha, learningRate: 1e-3 }), { tasks, random: seeded(1) });
    for (let step = 0; step < 6000; step++) {
      const losses = step === 0 ? [1, 1, 1] : [0.5, 0.5, 0.8]; // the third learns slowest
      balancer.learn({ step, epoch: 0 }, { losses, gramian: diagonalOf(norms) });
    }
    return balancer
      .weights({ step: 0, epoch: 0 }, { losses: [1, 1, 1], gramian: diagonalOf(norms) })
      .map((weight, i) => weight * norms[i]!);
  };
  const equal = settle(0);
  for (const norm of equal) expect(Math.abs(norm / equal[0]! - 1)).toBeLessThan(0.05);
  const [fast, , slow] = settle(1);
  expect(Math.abs(slow! / fast! - 1.6)).toBeLessThan(0.1); // 0.8 / 0.5
});

it('refuses a negative α and an option that it does not know', () => {
  expect(() => gradNorm({ alpha: -1 })).toThrow('for gradnorm.alpha, received -1.');
  expect(() => gradNorm({ rate: 1 } as never)).toThrow('Expected an option of gradnorm, received "rate".');
});

it('refuses to learn from a negative loss, whose ratio has no power', () => {
  const balancer = createBalancer(gradNorm(), { tasks: ['a', 'b'], random: seeded(1) });
  const input = (loss: number) => ({ losses: [1, loss], gramian: diagonalOf([1, 2]) });
  balancer.learn({ step: 0, epoch: 0 }, input(0.5));
  expect(() => balancer.learn({ step: 1, epoch: 0 }, input(-0.5))).toThrow(
    'Expected a loss of 0 or more of task "b" for gradnorm, received -0.500.',
  );
});

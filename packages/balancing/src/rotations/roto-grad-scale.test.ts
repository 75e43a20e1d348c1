import { expect, it } from 'vitest';
import { createBalancer } from '../balancer.ts';
import { seeded } from '../testing/random.ts';
import { rotoGradScale } from './roto-grad.ts';

it('makes all gradients of one length, that of the task which has come least far', () => {
  const balancer = createBalancer(rotoGradScale(), { tasks: ['a', 'b'], random: seeded(1) });
  const gradientsAt = (a: number, b: number) => ({
    losses: [1, 1],
    gramian: [
      [a * a, 0],
      [0, b * b],
    ],
  });
  balancer.learn({ step: 0, epoch: 0 }, gradientsAt(2, 10));
  // a has its first length still, b a hundredth of it: C is nearly a's
  const [a, b] = balancer.weights({ step: 1, epoch: 0 }, gradientsAt(2, 0.1)) as [number, number];
  const length = (2 * 1 + 0.1 * 0.01) / 1.01;
  expect(a * 2).toBeCloseTo(length, 10);
  expect(b * 0.1).toBeCloseTo(length, 10);
});

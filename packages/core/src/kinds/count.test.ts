import { expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { rowLossOf } from '../tasks/losses/loss-of.ts';
import type { LossSpec } from '../tasks/losses/loss.ts';
import { labelDecoder, labelEncoder } from '../tasks/labels.ts';
import { count, gamma, poisson, tweedie } from './count.ts';

const [z, y] = [
  [-3, -0.5, 0, 0.7, 4],
  [0, 0.25, 1, 2, 7],
];
const losses = (loss: LossSpec, outputs: readonly number[], labels: readonly number[]) =>
  outputs.map((each, i) => rowLossOf(loss, 1)(each, labels[i]!, doubleMath) as number);

/** The terms that the label alone has: PyTorch leaves them out. */
const saturated = (terms: (y: number) => number) => y.map(terms);

it('poisson is poisson_nll_loss of PyTorch 2.6, less its least value', () => {
  const torch = [0.049787068367863944, 0.7315306597126334, 1, 0.6137527074704767, 26.598150033144236];
  const least = saturated((each) => each - (each === 0 ? 0 : each * Math.log(each)));
  losses(poisson(), z, y).forEach((loss, i) => expect(loss).toBeCloseTo(torch[i]! - least[i]!, 12));
});

it('gamma is −log_prob of PyTorch 2.6, with shape 1, less its least value', () => {
  const torch = [-0.08781968232496795, 1, 1.693170607582819, 4.1282094722211395];
  const least = saturated((each) => 1 + Math.log(each)).slice(1);
  losses(gamma(), z.slice(1), y.slice(1)).forEach((loss, i) => expect(loss).toBeCloseTo(torch[i]! - least[i]!, 12));
});

it('tweedie is its formula, 0 for a perfect prediction, and Poisson and gamma at its ends', () => {
  const torch = [0.44626032029685964, 2.1996142744866805, 4, 5.6568874560613684, 16.672806163173878];
  losses(tweedie(), z, y).forEach((loss, i) => expect(loss).toBeCloseTo(torch[i]! - 4 * Math.sqrt(y[i]!), 12));
  for (const label of [0.3, 1, 8]) {
    expect(losses(tweedie({ power: 1.3 }), [Math.log(label)], [label])[0]).toBeCloseTo(0, 12);
    const [near, far] = [1 + 1e-6, 2 - 1e-6].map((power) => losses(tweedie({ power }), [0.4], [label])[0]!);
    expect(near).toBeCloseTo(losses(poisson(), [0.4], [label])[0]!, 4);
    expect(far).toBeCloseTo(losses(gamma(), [0.4], [label])[0]!, 4);
  }
  expect(() => tweedie({ power: 2 })).toThrow('a number in (1, 2) for tweedie.power, received 2');
});

it('the mean of the training rows divides labels', () => {
  const task = { ...count(), fitted: { mean: 4, deviation: 9 } };
  expect(labelEncoder(task)(12)).toBe(3);
  expect(labelDecoder(task)(3)).toBe(12);
});

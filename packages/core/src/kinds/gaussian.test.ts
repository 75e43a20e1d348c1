import { expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { lossOf, rowLossOf } from '../tasks/losses/loss-of.ts';
import { encodedScores } from '../tasks/labels.ts';
import { startOf } from '../tasks/task-kind.ts';
import { gaussian } from './gaussian.ts';

/** The second output whose deviation is σ. */
const outputOf = (sigma: number) => Math.log(Math.expm1(sigma - 0.01));

it('predicts the quantiles of a normal distribution, of any level', () => {
  const levels = [1e-4, 0.025, 0.5, 0.9, 0.999999];
  const normal = [-3.71901648545568, -1.9599639845400538, 0, 1.2815515655446008, 4.753424308817089];
  const predicted = encodedScores(gaussian({ levels }), [0.3, outputOf(2)], 2);
  normal.forEach((z, i) => expect(predicted[i]).toBeCloseTo(0.3 + 2 * z, 9)); // inv_cdf of Python's statistics.NormalDist
  expect([...encodedScores(gaussian({ levels: [0.5] }), [0.3, outputOf(2)], 2)]).toEqual([0.3]);
});

it('the loss is −log of the density', () => {
  const loss = rowLossOf(lossOf(gaussian()), 2);
  // −log of pdf of Python's statistics.NormalDist
  const cases: [mean: number, sigma: number, label: number, loss: number][] = [
    [0, 1, 0, 0.9189385332046727],
    [0.3, 2, -1, 1.823335713764618],
    [-1.5, 0.25, -1.2, 0.2526441720847822],
    [4, 0.05, 4.1, -0.0767937403493329],
    [0.2, 3, 10, 7.353106377428339],
  ];
  for (const [mean, sigma, label, expected] of cases)
    expect(loss([mean, outputOf(sigma)], label, doubleMath)).toBeCloseTo(expected, 12);
});

it('a head starts at mean and deviation of the labels', () => {
  const task = { ...gaussian({ levels: [0.025, 0.8] }), fitted: { mean: 40, deviation: 12 } };
  const start = encodedScores(task, startOf(task)!, 2);
  [-1.9599639845400538, 0.8416212335729144].forEach((z, i) => expect(start[i]).toBeCloseTo(z, 12));
});

it('refuses levels that do not ascend', () => {
  expect(() => gaussian({ levels: [0.5, 0.5] })).toThrow('ascending numbers for gaussian.levels, received [0.5,0.5]');
  expect(() => gaussian({ levels: [1] })).toThrow('a number in (0, 1) for gaussian.levels[0], received 1');
});

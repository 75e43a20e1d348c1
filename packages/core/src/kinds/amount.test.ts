import { expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { rowLossOf } from '../tasks/losses/loss-of.ts';
import { encodedScores } from '../tasks/labels.ts';
import { startOf } from '../tasks/task-kind.ts';
import { amount, zeroInflatedLognormal } from './amount.ts';

const outputs = [0.4, -0.3, 0.8];
const sigmoid = 1 / (1 + Math.exp(-0.4));
const sigma = Math.log1p(Math.exp(0.8));

it('the loss is −log of the probability of 0, or of the lognormal density', () => {
  const loss = (y: number) => rowLossOf(zeroInflatedLognormal(), 3)(outputs, y, doubleMath) as number;
  expect(loss(0)).toBeCloseTo(-Math.log(1 - sigmoid), 12);
  for (const y of [0.2, 1, 7]) {
    const density = Math.exp(-((Math.log(y) + 0.3) ** 2) / (2 * sigma ** 2)) / (y * sigma * Math.sqrt(2 * Math.PI));
    expect(loss(y)).toBeCloseTo(-Math.log(sigmoid * density), 12);
  }
});

it('the prediction is the mean of the distribution', () => {
  expect(encodedScores(amount(), outputs, 3)[0]).toBeCloseTo(sigmoid * Math.exp(-0.3 + sigma ** 2 / 2), 12);
  expect(encodedScores(amount(), [0, 1000, 0], 3)[0]).toBeCloseTo(Math.exp(30) / 2, -5); // cut, and finite
});

it('a head starts at a distribution with the mean, the deviation and the share above 0 of the labels', () => {
  const fitted = { mean: 20, deviation: 100, rate: 0.1 };
  const start = startOf({ ...amount(), fitted })!;
  expect(encodedScores({ ...amount(), fitted }, start, 3)[0]).toBeCloseTo(1, 12); // in means of the labels
  const [variance, share] = [Math.log1p(Math.exp(start[2]!)) ** 2, 1 / (1 + Math.exp(-start[0]!))];
  const meanSquare = share * Math.exp(2 * start[1]! + 2 * variance);
  expect(share).toBeCloseTo(0.1, 12);
  expect(Math.sqrt(meanSquare - 1)).toBeCloseTo(100 / 20, 9);
});

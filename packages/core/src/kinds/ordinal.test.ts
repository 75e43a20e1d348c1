import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { lossOf, rowLossOf } from '../tasks/losses/loss-of.ts';
import { encodedScores, taskScores } from '../tasks/labels.ts';
import { startOf } from '../tasks/task-kind.ts';
import { ordinal, ordinalLikelihood, type OrdinalLink } from './ordinal.ts';

const classes = ['bad', 'fair', 'good', 'best'];
const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));
const softplus = (a: number) => Math.log1p(Math.exp(a));
const outputs = [0.4, -0.7, 1.1];

/** The probabilities of "greater than class j", by their definition. */
const ABOVE: Record<OrdinalLink, number[]> = {
  cumulative: [0.4, 0.4 - softplus(-0.7), 0.4 - softplus(-0.7) - softplus(1.1)].map(sigmoid),
  corn: [sigmoid(0.4), sigmoid(0.4) * sigmoid(-0.7), sigmoid(0.4) * sigmoid(-0.7) * sigmoid(1.1)],
};

it.each(['cumulative', 'corn'] as const)('%s: the class probabilities are differences of those above', (link) => {
  const [first, second, third] = ABOVE[link] as [number, number, number];
  const expected = [1 - first, first - second, second - third, third];
  const task = ordinal({ classes, link });
  const loss = rowLossOf(lossOf(task), 3);
  encodedScores(task, outputs, 3).forEach((probability, c) => {
    expect(probability).toBeCloseTo(expected[c]!, 12);
    expect(loss(outputs, c, doubleMath)).toBeCloseTo(-Math.log(expected[c]!), 12);
  });
});

it.each(['cumulative', 'corn'] as const)('%s: a head starts at the shares of the classes', (link) => {
  const shares = [0.1, 0.5, 0.15, 0.25];
  const task = { ...ordinal({ classes, link }), fitted: { shares } };
  const start = startOf(task)!;
  encodedScores(task, start, 3).forEach((probability, c) => expect(probability).toBeCloseTo(shares[c]!, 6));
});

it('of two classes it is a binary task', () => {
  const task = ordinal({ classes: ['no', 'yes'] });
  expect(encodedScores(task, [0.4], 1)[1]).toBeCloseTo(sigmoid(0.4), 12);
  const ofMembers = tf.tidy(() =>
    taskScores(task, tf.tensor2d([[0.4], [1], [-0.2], [2]]), 2).arraySync(),
  ) as number[][];
  expect(ofMembers).toHaveLength(2); // two rows, each predicted by two members
  expect(ofMembers[0]![1]).toBeCloseTo((sigmoid(0.4) + sigmoid(-0.2)) / 2, 6);
});

it('refuses a loss of another link', () => {
  expect(() => ordinal({ classes, link: 'corn', loss: ordinalLikelihood({ link: 'cumulative' }) })).toThrow(
    'the options {"link":"corn"} of the task for ordinal.loss, received {"link":"cumulative"}',
  );
  expect(() => ordinal({ classes, loss: 'cross-entropy' })).toThrow('a loss for ordinal tasks for ordinal.loss');
});

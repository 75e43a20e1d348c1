import { expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { lossOf, rowLossOf } from '../tasks/losses/loss-of.ts';
import { encodedScores } from '../tasks/labels.ts';
import { startOf } from '../tasks/task-kind.ts';
import { pinball } from '../tasks/losses/pinball.ts';
import { quantiles } from './quantiles.ts';

const levels = [0.1, 0.5, 0.9];

it('quantiles ascend whatever the outputs, and the loss is that of the predictions', () => {
  const loss = rowLossOf(lossOf(quantiles({ levels })), 3);
  for (const outputs of [
    [0.3, -2, 4],
    [-1, 0, 0],
    [5, -30, -30],
  ]) {
    const predicted = [...encodedScores(quantiles({ levels }), outputs, 3)];
    expect(predicted).toEqual(predicted.toSorted((a, b) => a - b));
    const label = 0.7;
    const mean = predicted.reduce((sum, value, i) => {
      const under = label - value;
      return sum + Math.max(levels[i]! * under, (levels[i]! - 1) * under) / 3;
    }, 0);
    expect(loss(outputs, label, doubleMath)).toBeCloseTo(mean, 12);
  }
});

it('a head starts at the quantiles of a normal distribution with the mean and deviation of the labels', () => {
  const task = { ...quantiles({ levels: [0.025, 0.5, 0.8] }), fitted: { mean: 40, deviation: 12 } };
  const start = encodedScores(task, startOf(task)!, 3);
  [-1.959964, 0, 0.841621].forEach((z, i) => expect(start[i]).toBeCloseTo(z, 3)); // scipy.stats.norm.ppf
});

it('refuses levels that do not ascend, and those of another task', () => {
  expect(() => quantiles({ levels: [0.5, 0.1] })).toThrow('ascending numbers for quantiles.levels, received [0.5,0.1]');
  expect(() => quantiles({ levels: [0, 0.5] })).toThrow('a number in (0, 1) for quantiles.levels[0], received 0');
  for (const others of [
    [0.1, 0.9],
    [0.2, 0.5, 0.8],
  ]) {
    expect(() => quantiles({ levels, loss: pinball({ levels: others }) })).toThrow(
      'the options {"levels":[0.1,0.5,0.9]} of the task for quantiles.loss, received',
    );
  }
});

import { expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { lossOf, rowLossOf } from '../tasks/losses/loss-of.ts';
import { encodedScores } from '../tasks/labels.ts';
import { logitsOf } from '../tasks/check-tasks.ts';
import { startOf } from '../tasks/task-kind.ts';
import { logisticHazard, survival } from './survival.ts';

const cuts = [10, 20, 40];
const outputs = [-1.2, 0.3, -0.4];
const hazards = outputs.map((z) => 1 / (1 + Math.exp(-z)));
const [h1, h2, h3] = hazards as [number, number, number];
const curve = [1 - h1, (1 - h1) * (1 - h2), (1 - h1) * (1 - h2) * (1 - h3)];

it('predicts the product of the chances to survive each interval', () => {
  expect([...encodedScores(survival({ cuts }), outputs, 3)]).toEqual(
    curve.map((each) => expect.closeTo(each, 12) as number),
  );
  expect([...encodedScores(survival({ cuts: [10] }), [-1.2], 1)]).toEqual([expect.closeTo(1 - h1, 12) as number]);
});

it.each<[label: number, likelihood: number]>([
  [0, h1],
  [4, h1],
  [10, h1], // an event at a cut point is in the interval that ends there
  [10.5, (1 - h1) * h2],
  [40, (1 - h1) * (1 - h2) * h3],
  [41, curve[2]!], // after the last cut point
  [-4, 1], // censored in the first half of the first interval: it says nothing
  [-5, 1 - h1], // from its middle on, an interval counts as survived
  [-14, 1 - h1],
  [-15, curve[1]!],
  [-29, curve[1]!],
  [-30, curve[2]!],
  [-400, curve[2]!],
])('the loss of label %f is −log of its probability', (label, likelihood) => {
  const loss = rowLossOf(lossOf(survival({ cuts })), 3);
  expect(loss(outputs, label, doubleMath)).toBeCloseTo(-Math.log(likelihood), 12);
  const first = rowLossOf(logisticHazard({ cuts: [10] }), 1);
  const expected = label > 10 || label <= -5 ? 1 - h1 : label < 0 ? 1 : h1;
  expect(first(outputs[0]!, label, doubleMath)).toBeCloseTo(-Math.log(expected), 12);
});

it('a time at a cut point that 32 bits round is in the interval that ends there', () => {
  const loss = rowLossOf(logisticHazard({ cuts: [0.1, 0.7] }), 2);
  expect(loss([0, 0], Math.fround(0.1), doubleMath)).toBeCloseTo(Math.log(2), 12);
  expect(loss([0, 0], Math.fround(0.7), doubleMath)).toBeCloseTo(2 * Math.log(2), 12);
  expect(loss([0, 0], -Math.fround(0.7), doubleMath)).toBeCloseTo(2 * Math.log(2), 12);
});

it('a head starts at the life table of the training rows', () => {
  const task = { ...survival({ cuts }), fitted: { shares: [0.25, 0.5, 0] } };
  const start = encodedScores(task, startOf(task)!, 3);
  [0.75, 0.375, 0.375].forEach((share, i) => expect(start[i]).toBeCloseTo(share, 4));
});

it('refuses cut points that do not ascend, those of another task, and none', () => {
  expect(() => survival({ cuts: [30, 10] })).toThrow('ascending numbers for survival.cuts');
  expect(() => survival({ cuts: [1, 1 + 1e-9] })).toThrow('32 bits must tell them apart');
  expect(() => survival({ cuts: [0, 10] })).toThrow('a number above 0 for survival.cuts[0], received 0');
  expect(() => survival({ cuts: 0 })).toThrow('a whole number of 1 or more for survival.cuts, received 0');
  expect(() => survival({ cuts, loss: logisticHazard({ cuts: [10] }) })).toThrow(
    'the options {"cuts":[10,20,40]} of the task for survival.loss, received {"cuts":[10]}',
  );
  expect(() => survival({ cuts: 10, loss: logisticHazard({ cuts: [10] }) })).toThrow(
    'no loss for survival.loss of a task whose cut points a fit finds, received {"cuts":[10]}. Leave the loss out',
  );
  expect(() => logitsOf('time', survival())).toThrow(
    'the cut points of task "time", one or more, received none. Pass { cuts: [30, 90, …] }, or fit a table',
  );
});

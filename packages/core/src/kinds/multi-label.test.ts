import { expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { rowLossOf } from '../tasks/losses/loss-of.ts';
import { encodedScores } from '../tasks/labels.ts';
import { logitsOf } from '../tasks/check-tasks.ts';
import { startOf } from '../tasks/task-kind.ts';
import { multiLabel, multiLabelCrossEntropy } from './multi-label.ts';

const labels = ['comedy', 'drama', 'war'];
const outputs = [0.4, -0.7, 1.1];
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

it('the loss is the mean over labels of −log of the probability of what the row has', () => {
  const loss = rowLossOf(multiLabelCrossEntropy(), 3);
  for (let mask = 0; mask < 8; mask++) {
    const expected = outputs.map((z, i) => -Math.log(mask & (1 << i) ? sigmoid(z) : 1 - sigmoid(z)));
    expect(loss(outputs, mask, doubleMath)).toBeCloseTo(expected.reduce((a, b) => a + b) / 3, 12);
  }
});

it('reads each of 24 labels, in double precision rounded to 32 bits', () => {
  const { maximum, mul, sign, sub } = doubleMath;
  const rounded = (value: unknown) => (typeof value === 'number' ? Math.fround(value) : value) as number;
  const single: typeof doubleMath = {
    ...doubleMath,
    sub: (a, b) => rounded(sub(rounded(a), rounded(b))),
    mul: (a, b) => rounded(mul(rounded(a), rounded(b))),
    maximum: (a, b) => rounded(maximum(a, b)),
    sign: (a) => rounded(sign(a)),
  };
  const loss = rowLossOf(multiLabelCrossEntropy(), 24);
  for (const mask of [0, 1, 2 ** 23, 2 ** 24 - 1, 0b101010101010101010101010, 2 ** 23 - 1, 12_345_678]) {
    for (let i = 0; i < 24; i++) {
      const z = Array.from({ length: 24 }, (_, j) => (j === i ? 40 : 0));
      const others = (23 / 24) * Math.log(2);
      expect(loss(z, mask, single)).toBeCloseTo(others + ((mask >> i) & 1 ? 0 : 40 / 24), 6);
    }
  }
});

it('predicts the probability of each label, whatever the others are', () => {
  const task = multiLabel({ labels });
  expect([...encodedScores(task, outputs, 3)]).toEqual(outputs.map((z) => expect.closeTo(sigmoid(z), 12) as number));
});

it('a head starts at the share of rows with each label', () => {
  const task = { ...multiLabel({ labels }), fitted: { shares: [0.25, 0.5, 0] } };
  const start = encodedScores(task, startOf(task)!, 3);
  [0.25, 0.5, 1e-5].forEach((share, i) => expect(start[i]).toBeCloseTo(share, 9));
});

it('refuses labels that no number of 32 bits holds, and options that say nothing', () => {
  const many = Array.from({ length: 25 }, (_, i) => `tag ${i}`);
  expect(() => multiLabel({ labels: many })).toThrow('at most 24 labels, each once, for multi-label, received 25');
  expect(() => multiLabel({ labels: ['a', 'b', 'a'] })).toThrow(
    'each once, for multi-label, received 3: ["a","b","a"]',
  );
  expect(() => multiLabel({ labels: ['a'] })).toThrow('a list of 2 or more for multi-label.labels');
  expect(() => multiLabel({ others: 'left-out' })).toThrow('the labels to predict for multi-label');
  expect(() => logitsOf('genres', multiLabel())).toThrow(
    `the labels of task "genres", one or more, received none. Pass { labels: ['a', 'b', …] }, or fit a table`,
  );
});

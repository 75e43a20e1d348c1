import { expect, test } from 'vitest';
import { median, pairLines } from './pair-lines.js';

/** @typedef {import('./pair-lines.js').Line} Line */

/** @param {string} model @param {number} median @param {Partial<Line>} rest @returns {Line} */
const line = (model, median, rest = {}) => ({
  framework: 'x',
  model,
  config: 'A',
  threads: 1,
  what: 'train step',
  batch: 8,
  median,
  ...rest,
});

test("the ratio is the median of the rounds' own ratios, not the ratio of the medians", () => {
  const turns = [
    [10, 20],
    [4, 16],
    [10, 50],
  ].map(([ours, peer], i) => ({ round: i + 1, ours: [line('m', ours)], peers: [line('m', peer)] }));
  const [pair, ...others] = pairLines(turns);
  expect(others).toEqual([]);
  expect(pair).toMatchObject({
    ours: 10,
    peer: 20,
    ratio: { low: 2, median: 4, high: 5 },
    rounds: 3,
    variant: undefined,
    products: undefined,
  });
});

test('lines pair by model, configuration, threads, what and batch', () => {
  const ours = [
    line('m', 1),
    line('m', 2, { what: 'inference', batch: 1 }),
    line('m', 3, { what: 'inference', batch: 2 }),
    line('alone', 4),
  ];
  const peers = [
    line('m', 30, { what: 'inference', batch: 2 }),
    line('m', 10),
    line('m', 90, { threads: 2 }),
    line('m', 20, { what: 'inference', batch: 1 }),
  ];
  expect(pairLines([{ round: 1, ours, peers }]).map(({ what, batch, peer }) => [what, batch, peer])).toEqual([
    ['train step', 8, 10],
    ['inference', 1, 20],
    ['inference', 2, 30],
  ]);
});

test('a variant of the peer and the matrix products stand with their model', () => {
  const ours = [line('att_sp', 4), line('att_sp', 3, { what: 'matrix products' })];
  const peers = [line('att_sp', 8), line('att_sp_stacked', 6)];
  expect(pairLines([{ round: 1, ours, peers }])).toMatchObject([
    { variant: { name: 'att_sp_stacked', milliseconds: 6, ratio: { median: 1.5 } }, products: 0.75 },
  ]);
});

test('median', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

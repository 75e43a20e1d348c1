import { expect, test } from 'vitest';
import { idsReport } from './ids-report.js';

/** @param {number} median */
const line = (median) => /** @type {any} */ ({ median });

test('has a row for each number of threads and ids, with medians over the rounds and the range of ratios', () => {
  /** @param {number} round @param {number} ids @param {number} ours @param {number} theirs @param {number} rss */
  const turn = (round, ids, ours, theirs, rss) => ({
    ...{ round, ids, threads: 1 },
    ...{ ours: { ...line(ours), rss }, theirs: line(theirs) },
  });
  const turns = [
    turn(1, 1000, 5, 20, 3e8),
    turn(1, 1e6, 8, 24, 6e8),
    turn(2, 1000, 10, 20, 4e8),
    turn(3, 1000, 6, 30, 2e8),
  ];
  expect(idsReport(turns).split('\n').slice(2)).toEqual([
    '| 1 | 1,000 | 6 | 20 | 4 | 2–5 | 400 |',
    '| 1 | 1,000,000 | 8 | 24 | 3 | 3–3 | 600 |',
  ]);
});

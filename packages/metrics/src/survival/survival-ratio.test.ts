import { expect, it } from 'vitest';
import { survivalRatioAt, survivalShares } from './survival.ts';

const labels = [3, 8, -8, -20, 10, 30, -2];
const ones = labels.map(() => 1);

it('shares are those of a life table', () => {
  // up to 5: of the 6 rows that count (all but the one censored at 2), one has the event; up to 10: 2 of 5, with the one censored at 8, after the middle
  expect(survivalShares(labels, ones, [5, 10])).toEqual(
    [5 / 6, (5 / 6) * (3 / 5)].map((each) => expect.closeTo(each, 12)),
  );
  expect(survivalShares([-2, -3], [1, 1], [5])).toEqual([1]);
  expect(survivalShares([Math.fround(0.1)], [1], [0.1])).toEqual([0]); // labels are 32-bit floats
});

it('is 1 for the shares, and the negative log likelihood over theirs', () => {
  const [a, b] = survivalShares(labels, ones, [5, 10]) as [number, number];
  const ratio = survivalRatioAt([5, 10]);
  const best = ratio.create().update(
    labels,
    labels.flatMap(() => [a, b]),
  );
  expect(best.compute()).toBeCloseTo(1, 6);
  const own = -Math.log(1 - 0.9) - 2 * Math.log(0.9 - 0.5) - 3 * Math.log(0.5);
  const constant = -Math.log(1 - a) - 2 * Math.log(a - b) - 3 * Math.log(b);
  const state = ratio.create().update(
    labels,
    labels.flatMap(() => [0.9, 0.5]),
  );
  expect(state.compute()).toBeCloseTo(own / constant, 6);
  const again = ratio.restore(JSON.parse(JSON.stringify(state)));
  expect(again.merge(best).compute()).toBeCloseTo((own / constant + 1) / 2, 6);
});

it('weights are repetitions, and rows without an event have no ratio', () => {
  const ratio = survivalRatioAt([5]);
  const weighted = ratio.create().update([3, -9], [0.4, 0.7], { weights: [2, 1] });
  expect(weighted.compute()).toBeCloseTo(ratio.create().update([3, 3, -9], [0.4, 0.4, 0.7]).compute(), 12);
  expect(ratio.create().update([-9, -9], [0.4, 0.7]).compute()).toBeNaN();
  expect(() => survivalRatioAt([5, 5])).toThrow('survivalRatio: got the cut points [5, 5]; expected times that ascend');
  expect(() => ratio.create().update([3], [0.4, 0.3])).toThrow('2 probabilities for 1 labels');
});

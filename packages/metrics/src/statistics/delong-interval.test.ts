import { expect, test } from 'vitest';
import { auc } from '../binary/areas.ts';
import { expectClose, scipyValues } from '../testing/scipy-values.ts';
import { counterRandom } from './counter-random.ts';
import { delongInterval } from './delong.ts';

const { labels, a, aucs, variance, plain, logit } = scipyValues.delong;

test('from pairs, by its definition, and scikit-learn’s AUC', () => {
  const onLogits = delongInterval(labels, a, { confidence: 0.9 });
  const asItIs = delongInterval(labels, a, { confidence: 0.9, scale: 'plain' });
  expectClose(onLogits.auc, aucs[0]!, 1e-13);
  expectClose(onLogits.variance, variance, 1e-12);
  expectClose(onLogits.low, logit[0]!, 1e-12);
  expectClose(onLogits.high, logit[1]!, 1e-12);
  expectClose(asItIs.low, plain[0]!, 1e-12);
  expectClose(asItIs.high, plain[1]!, 1e-12);
});

test('doesn’t change with a growing function of the scores, the order of rows, or masked rows', () => {
  const known = delongInterval(labels, a);
  expect(
    delongInterval(
      labels,
      a.map((score) => Math.exp(score)),
    ),
  ).toEqual(known);
  const turned = delongInterval(labels.toReversed(), a.toReversed());
  expect(turned.low).toBeCloseTo(known.low, 13);
  const mask = [...labels.map(() => 1), 0, 0];
  expect(delongInterval([...labels, NaN, 1], [...a, 0, NaN], { mask })).toEqual(known);
});

test('covers the true AUC as often as it promises', () => {
  const random = counterRandom(4);
  const trials = 500;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const rows = Array.from({ length: 200 }, (_, i) => (i < 60 ? 1 : 0));
    // exponential scores, the positives' with half the rate: P(positive > negative) = 1 / (1 + ½)
    const scores = rows.map((label) => -Math.log(1 - random()) * (label === 1 ? 2 : 1));
    const { low, high } = delongInterval(rows, scores, { confidence: 0.9 });
    covered += Number(low < 2 / 3 && high > 2 / 3);
  }
  expect(Math.abs(covered / trials - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / trials));
});

test('a million rows', { tags: ['long'] }, () => {
  const random = counterRandom(1);
  const rows = Uint8Array.from({ length: 1_000_000 }, () => Number(random() < 0.1));
  const scores = Float32Array.from(rows, (label) => random() + 0.3 * label);
  const found = delongInterval(rows, scores, { scale: 'plain' });
  expect(found.auc).toBeCloseTo(auc(rows, scores), 12);
  expect(found.auc).toBeCloseTo(1 - 0.7 ** 2 / 2, 2); // uniform against uniform .3 higher
  expect(Math.sqrt(found.variance)).toBeLessThan(0.002);
});

test('the ends: perfect order leaves no variance, one row of a class none either, one class no AUC', () => {
  expect(delongInterval([0, 0, 1, 1], [1, 2, 3, 4])).toEqual({ auc: 1, low: NaN, high: NaN, variance: 0 });
  expect(delongInterval([0, 0, 1], [1, 4, 3])).toEqual({ auc: 0.5, low: NaN, high: NaN, variance: NaN });
  expect(delongInterval([1, 1], [1, 2])).toEqual({ auc: NaN, low: NaN, high: NaN, variance: NaN });
});

test.each<[() => unknown, string]>([
  [
    () => delongInterval([0, 1], [1, 2], { weights: [1, 2] } as never),
    "delongInterval: got sample weights; expected { mask, confidence } only. DeLong's variance is of unweighted rows",
  ],
  [() => delongInterval([0, 1], [1, 2], [1, 2] as never), 'delongInterval: got sample weights'],
  [() => delongInterval([0, 2], [1, 2]), 'delongInterval: got labels[1] = 2; expected 0 or 1'],
  [() => delongInterval([0, 1], [1, 2, 3]), 'delongInterval: got 3 scores for 2 labels'],
  [
    () => delongInterval([0, 1], [1, 2], { confidence: 1 }),
    'Expected a number in (0, 1) for delongInterval.confidence, received 1.',
  ],
  [
    () => delongInterval([0, 1], [1, 2], { scale: 'log' as never }),
    'Expected one of "logit", "plain" for delongInterval.scale, received "log"',
  ],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

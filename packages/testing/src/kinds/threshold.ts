import { randomStream } from '@polytask/core';
import { chooseThreshold, type ThresholdSpec } from '@polytask/training';
import { expectThat } from '../cases/case.ts';
import { tester } from '../tester.ts';

const DRAWS = [...Array(10).keys()];
const WEIGHTS = Array.from({ length: 60 }, (_, row) => 1 + (row % 3));

/** Rows whose labels are likelier yes where the prediction is large, with ties. */
function rowsOf(draw: number) {
  const random = randomStream(draw, 'threshold');
  const predictions = random.uniform(WEIGHTS.length, 0, 1).map((p) => Math.round(20 * p) / 20);
  const labels = random.uniform(WEIGHTS.length, 0, 1).map((u, row) => Number(u < predictions[row]!));
  const [own, all] = [labels, predictions].map((values) => Float64Array.from(values));
  return { labels: own!, predictions: all!, weights: Float64Array.from(WEIGHTS) };
}

/** Thresholds are probabilities, and other probabilities below the same largest one have other thresholds. */
function checkChoice(spec: ThresholdSpec): void {
  const { predictions, ...rows } = rowsOf(1);
  const chosen = [0.3, 1, 3].map((power) =>
    chooseThreshold(spec, { ...rows, predictions: predictions.map((p, row) => (row === 0 ? 1 : p ** power)) }),
  );
  const follow = chosen.every((at) => at >= 0 && at <= 1) && new Set(chosen).size > 1;
  expectThat(follow, 'thresholds from 0 to 1 that follow the probabilities', chosen.join(', '));
}

/**
 * Tests a rule for thresholds.
 *
 * @example testThreshold(cost({ falsePositive: 1, falseNegative: 5 }), { runner });
 */
export const testThreshold = tester('threshold', {}, (spec: ThresholdSpec) => ({
  spec,
  numbers: (each) => ({
    'the thresholds': DRAWS.map((draw) => chooseThreshold(each as ThresholdSpec, rowsOf(draw))),
  }),
  rows: {
    weights: WEIGHTS,
    found: (rows, weights) => ({
      'the thresholds': DRAWS.map((draw) => {
        const { labels, predictions } = rowsOf(draw);
        const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row]!);
        const picked = { labels: pick(labels), predictions: pick(predictions), weights: Float64Array.from(weights) };
        return chooseThreshold(spec, picked);
      }),
    }),
  },
  own: {
    'it chooses a probability by the labels': [
      'Let the worth depend on the counts, and be a number for all of them, without a yes, too.',
      () => checkChoice(spec),
    ],
  },
}));

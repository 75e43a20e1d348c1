import { randomStream } from '@polytask/core';
import { chooseThreshold, type ThresholdSpec } from '@polytask/training';
import { check, expectThat } from '../cases/case.ts';
import { tester } from '../tester.ts';

const DRAWS = [...Array(10).keys()];
const WEIGHTS = Array.from({ length: 60 }, (_, row) => 1 + (row % 3));
const ROWS = [...WEIGHTS.keys()];

/** Some of the rows of a draw, whose labels are likelier yes where the prediction is large, with ties. */
function rowsOf(draw: number, rows: readonly number[] = ROWS, weights: readonly number[] = WEIGHTS) {
  const random = randomStream(draw, 'threshold');
  const predictions = random.uniform(WEIGHTS.length, 0, 1).map((p) => Math.round(20 * p) / 20);
  const labels = random.uniform(WEIGHTS.length, 0, 1).map((u, row) => Number(u < predictions[row]!));
  const picked = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row]!);
  return { labels: picked(labels), predictions: picked(predictions), weights: Float64Array.from(weights) };
}

/** The thresholds for some rows of each draw. */
const chosen = (spec: ThresholdSpec, rows?: readonly number[], weights?: readonly number[]) => ({
  'the thresholds': DRAWS.map((draw) => chooseThreshold(spec, rowsOf(draw, rows, weights))),
});

/**
 * Tests a rule for thresholds.
 *
 * @example testThreshold(cost({ falsePositive: 1, falseNegative: 5 }), { runner });
 */
export const testThreshold = tester({ kind: 'threshold' }, (spec: ThresholdSpec) => ({
  spec,
  numbers: (each: ThresholdSpec) => chosen(each),
  rows: { weights: WEIGHTS, found: (rows, weights) => chosen(spec, rows, weights) },
  own: {
    // other probabilities below the same largest one have other thresholds
    'it chooses a probability by the labels': check(() => {
      const { predictions, ...rows } = rowsOf(1);
      const thresholds = [0.3, 1, 3].map((power) =>
        chooseThreshold(spec, { ...rows, predictions: predictions.map((p, row) => (row === 0 ? 1 : p ** power)) }),
      );
      const follow = thresholds.every((at) => at >= 0 && at <= 1) && new Set(thresholds).size > 1;
      expectThat(follow, 'thresholds from 0 to 1 that follow the probabilities', thresholds.join(', '));
    }, 'Let the worth depend on the counts, and be a number for all of them, without a yes, too.'),
  },
}));

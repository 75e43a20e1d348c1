import { randomStream } from '@polytask/core';
import { chooseThreshold, type ThresholdSpec } from '@polytask/training';
import { broken } from '../cases/case.ts';
import { expectAgreement } from '../cases/agreement.ts';
import { tester } from '../tester.ts';

const ROWS = 60;

interface ScoredRows {
  readonly labels: Float64Array;
  readonly predictions: Float64Array;
  readonly weights: Float64Array;
}

/** Rows whose labels are likelier yes where the prediction is large, with ties. */
function rowsOf(draw: number): ScoredRows {
  const random = randomStream(draw, 'threshold');
  const predictions = random.uniform(ROWS, 0, 1).map((p) => Math.round(20 * p) / 20);
  const labels = random.uniform(ROWS, 0, 1).map((u, row) => Number(u < predictions[row]!));
  const weights = Float64Array.from({ length: ROWS }, (_, row) => 1 + (row % 3));
  return { labels: Float64Array.from(labels), predictions: Float64Array.from(predictions), weights };
}

/** The threshold is the same for rows in another order, and rows of weight 2 count as two. */
function checkRows(spec: ThresholdSpec): void {
  for (let draw = 0; draw < 10; draw++) {
    const { labels, predictions, weights } = rowsOf(draw);
    const pick = (rows: readonly number[], weightOf: (row: number) => number): ScoredRows => ({
      labels: Float64Array.from(rows, (row) => labels[row]!),
      predictions: Float64Array.from(rows, (row) => predictions[row]!),
      weights: Float64Array.from(rows, weightOf),
    });
    const all = [...labels.keys()];
    const twice = all.flatMap((row) => Array.from({ length: weights[row]! }, () => row));
    const own = (rows: ScoredRows) => ({ 'the threshold': [chooseThreshold(spec, rows)] });
    const expected = own({ labels, predictions, weights });
    const fix = 'Let the worth be a function of the counts and the configuration alone.';
    expectAgreement(own(pick([...all].reverse(), (row) => weights[row]!)), expected, 0, {
      what: 'the threshold of rows in another order',
      fix,
    });
    expectAgreement(own(pick(twice, () => 1)), expected, 0, { what: 'rows of weight 2 to count as two rows', fix });
  }
}

/** Thresholds are probabilities, and other probabilities below the same largest one have other thresholds. */
function checkChoice(spec: ThresholdSpec): void {
  const { labels, predictions, weights } = rowsOf(1);
  const chosen = [0.3, 1, 3].map((power) =>
    chooseThreshold(spec, { labels, weights, predictions: predictions.map((p, row) => (row === 0 ? 1 : p ** power)) }),
  );
  if (chosen.every((at) => at >= 0 && at <= 1) && new Set(chosen).size > 1) return;
  broken({
    expected: 'thresholds from 0 to 1 that follow the probabilities',
    seen: chosen.join(', '),
    fix: 'Let the worth depend on the counts, and be a number for all of them, without a yes, too.',
  });
}

/**
 * Tests a rule for thresholds: the promises of its kind, and those of every component.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testThreshold(cost({ falsePositive: 1, falseNegative: 5 }), { runner });
 */
export const testThreshold = tester('threshold', {}, (spec: ThresholdSpec) => ({
  spec,
  numbers: (each) => ({
    'the thresholds': Array.from({ length: 10 }, (_, draw) => chooseThreshold(each as ThresholdSpec, rowsOf(draw))),
  }),
  own: {
    'weights count as rows, in any order': () => checkRows(spec),
    'it chooses a probability by the labels': () => checkChoice(spec),
  },
}));

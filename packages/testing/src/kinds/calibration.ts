import { sum } from '@polytask/components';
import {
  binary,
  calibratedScores,
  multiclass,
  predictionTypeOf,
  randomStream,
  taskScores,
  type Task,
} from '@polytask/core';
import { calibrationsFor, fitCalibration, type CalibrationSpec } from '@polytask/core/calibration';
import { findMetric } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import { tester } from '../tester.ts';

const ROWS = 240;

/** Rows of a model that is too sure, for a task that the calibration is for: probabilities, and labels that come with others. */
function tooSure(name: string) {
  const random = randomStream(1, 'calibration');
  const isForTwo = calibrationsFor(binary()).includes(name);
  const task: Task = isForTwo ? binary() : multiclass({ classes: ['low', 'middle', 'high'] });
  const width = isForTwo ? 1 : 3;
  const own = Array.from({ length: ROWS }, () => [...random.normal(width)]);
  const drawn = random.uniform(ROWS, 0, 1);
  const labels = Float64Array.from(own, (z, row) => {
    const powers = (width === 1 ? [0, 0.5 * z[0]! + 0.3] : z.map((each, c) => 0.5 * each + 0.2 * c)).map(Math.exp);
    let left = drawn[row]! * sum(powers);
    return powers.findIndex((each, c) => (left -= each) <= 0 || c === powers.length - 1);
  });
  const logits = own.flat().map((z) => 2 * z);
  const scoresOf = (own: Task) =>
    tf.tidy(() => taskScores(own, tf.tensor2d(logits, [ROWS, width])).dataSync<'float32'>());
  const weights = labels.map((label) => 1 + 2 * label); // without them, yes is far less likely
  return { task, width, scoresOf, scores: Float64Array.from(scoresOf(task)), labels, weights };
}

/** The configuration of a calibration that is fitted to these rows. */
function config(name: string): object {
  const rows = tooSure(name);
  return fitCalibration(name, rows.task, rows).config as object;
}

type TooSure = ReturnType<typeof tooSure>;

const withCalibration = (task: Task, calibration: CalibrationSpec): Task => ({ ...task, calibrated: { calibration } });

const RISES = 'Fit it to the labels and weights, and let it rise with each logit.';

/**
 * Tests a calibration, on rows of a model that is too sure.
 *
 * @example testCalibration(platt({ slope: 0.8, offset: -0.2 }), { runner });
 */
export const testCalibration = tester({ kind: 'calibration', config }, (spec: CalibrationSpec) => {
  const rows = tooSure(spec.name);
  const { task, width, scores, labels, weights } = rows;
  const metric = findMetric('logLoss', predictionTypeOf(task).measuredAs);
  const fitted = (to: Pick<TooSure, 'scores' | 'labels' | 'weights'> = rows) =>
    withCalibration(task, fitCalibration(spec.name, task, to));
  const calibrated = () => calibratedScores(fitted(), scores);
  return {
    spec,
    numbers: (each: CalibrationSpec) => ({
      'the probabilities': calibratedScores(withCalibration(task, each), scores),
    }),
    rows: {
      weights,
      within: [1e-4, 0.1], // weights are 1 in the mean, and more rows are smoothed less
      found(picked, own) {
        const to = {
          scores: Float64Array.from(picked.flatMap((row) => [...scores.subarray(row * width, (row + 1) * width)])),
          labels: Float64Array.from(picked, (row) => labels[row]!),
          weights: Float64Array.from(own),
        };
        const found = { 'the probabilities': calibratedScores(fitted(to), scores) };
        expectFinite(found);
        return found;
      },
    },
    own: {
      'it lowers the log loss of its rows': check(() => {
        const [before, after] = [scores, calibrated()].map((each) =>
          metric.create().update(labels, each, { weights }).compute(),
        ) as [number, number];
        const what = `a log loss below ${before.toPrecision(4)}, which the model has without it, on the rows that it was fitted to`;
        expectThat(after < before, what, after.toPrecision(4));
      }, RISES),
      'rankings stay': check(() => {
        if (width > 1) return; // of classes, the others' logits count, too
        const own = calibrated();
        const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!);
        order.slice(1).forEach((row, i) => {
          const least = own[order[i]!]!;
          const what = `at least ${least} for the probability ${scores[row]}, as for a smaller one`;
          expectThat(own[row]! >= least - 1e-9, what, own[row]);
        });
      }, RISES),
      'tensors have the probabilities of doubles': check(
        () => expectAgreement(rows.scoresOf(fitted()), calibrated(), 1e-4, 'the probabilities of doubles on tensors'),
        'Use the operations of `math` alone, and no branch on values.',
      ),
    },
  };
});

import { binary, multiclass, randomStream, taskScores, type Task, calibratedScores } from '@polytask/core';
import { calibrationsFor, fitCalibration, type CalibrationSpec } from '@polytask/core/calibration';
import * as tf from '@tensorflow/tfjs-core';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { tester } from '../tester.ts';

/** Rows of a model that is too sure: probabilities, and labels that come with others. */
interface TooSure {
  readonly task: Task;
  /** Row-major [rows × width], and the probabilities of them. */
  readonly logits: readonly number[];
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  readonly weights: Float64Array;
}

const ROWS = 240;

function tooSure(task: Task, width: number): TooSure {
  const random = randomStream(1, 'calibration');
  const own = Array.from({ length: ROWS }, () => [...random.normal(width)]);
  const drawn = random.uniform(ROWS, 0, 1);
  const labels = own.map((z, row) => {
    if (width === 1) return Number(drawn[row]! < 1 / (1 + Math.exp(-(0.5 * z[0]! + 0.3))));
    const powers = z.map((each, c) => Math.exp(0.5 * each + 0.2 * c));
    const total = powers.reduce((sum, each) => sum + each, 0);
    let left = drawn[row]! * total;
    return Math.min(
      width - 1,
      powers.findIndex((each) => (left -= each) <= 0),
    );
  });
  const logits = own.flat().map((z) => 2 * z);
  const scores = tf.tidy(() => taskScores(task, tf.tensor2d(logits, [ROWS, width])).dataSync());
  const weights = Float64Array.from(labels, (label) => 1 + 2 * label); // without them, yes is far less likely
  return { task, logits, scores: Float64Array.from(scores), labels: Float64Array.from(labels), weights };
}

/** A task that the calibration is for, with rows. */
function rowsFor({ name }: CalibrationSpec): TooSure {
  const classes = multiclass({ classes: ['low', 'middle', 'high'] });
  return calibrationsFor(binary()).includes(name) ? tooSure(binary(), 1) : tooSure(classes, 3);
}

/** A calibration that is fitted to made-up rows. */
export const fittedSpec = (name: string): CalibrationSpec => {
  const rows = rowsFor({ name } as CalibrationSpec);
  return fitCalibration(name, rows.task, rows);
};

const fittedTask = (name: string, rows: TooSure): Task => ({
  ...rows.task,
  calibrated: { calibration: fitCalibration(name, rows.task, rows) },
});

const probabilities = (name: string, rows: TooSure): Float64Array =>
  calibratedScores(fittedTask(name, rows), rows.scores);

/** Σ w −log p / Σ w */
function logLoss(scores: Float64Array, { labels, weights }: TooSure): number {
  const width = scores.length / labels.length;
  const of = (row: number) =>
    width > 1 ? scores[row * width + labels[row]!]! : labels[row]! > 0 ? scores[row]! : 1 - scores[row]!;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return labels.reduce((sum, _, row) => sum - weights[row]! * Math.log(Math.max(of(row), 1e-12)), 0) / total;
}

/** On the rows that it was fitted to, it has a lower log loss than the model without it. */
function checkBetter(name: string): void {
  const rows = rowsFor({ name } as CalibrationSpec);
  const [before, after] = [logLoss(rows.scores, rows), logLoss(probabilities(name, rows), rows)];
  if (after < before) return;
  broken({
    expected: `a log loss below ${before.toPrecision(4)}, which the model has without it, on the rows that it was fitted to`,
    seen: after.toPrecision(4),
    fix: 'Fit it to the labels and weights, and let it rise with each logit.',
  });
}

/** A larger probability is never calibrated to a smaller one: rankings stay. */
function checkRanking(name: string): void {
  const rows = rowsFor({ name } as CalibrationSpec);
  if (rows.scores.length > ROWS) return; // of classes, the others' logits count, too
  const calibrated = probabilities(name, rows);
  const order = [...rows.scores.keys()].sort((a, b) => rows.scores[a]! - rows.scores[b]!);
  const at = order.findIndex((row, i) => i > 0 && calibrated[row]! < calibrated[order[i - 1]!]! - 1e-9);
  if (at < 0) return;
  broken({
    expected: `at least ${calibrated[order[at - 1]!]} for the probability ${rows.scores[order[at]!]}, as for a smaller one`,
    seen: String(calibrated[order[at]!]),
    fix: 'Let it rise with each logit.',
  });
}

/** The allowed difference of probabilities for repeated rows: their weights are 1 in the mean, and more rows are smoothed less. */
const REPEATED = 0.1;

/** Rows of weight 2 count as two rows, in any order. */
function checkRows(name: string): void {
  const rows = rowsFor({ name } as CalibrationSpec);
  const width = rows.scores.length / ROWS;
  const pick = (indices: readonly number[], weightOf: (row: number) => number): TooSure => ({
    ...rows,
    logits: [],
    scores: Float64Array.from(indices.flatMap((row) => [...rows.scores.subarray(row * width, (row + 1) * width)])),
    labels: Float64Array.from(indices, (row) => rows.labels[row]!),
    weights: Float64Array.from(indices, weightOf),
  });
  const all = [...rows.labels.keys()];
  const twice = all.flatMap((row) => Array.from({ length: rows.weights[row]! }, () => row));
  const own = (fittedTo: TooSure) => ({
    'the probabilities': calibratedScores(fittedTask(name, fittedTo), rows.scores),
  });
  const expected = own(rows);
  expectFinite(expected, 'Bound the probabilities.');
  const fix = 'Add up over the rows, each times its weight.';
  expectAgreement(own(pick([...all].reverse(), (row) => rows.weights[row]!)), expected, 1e-4, {
    what: 'the same calibration of rows in another order',
    fix,
  });
  expectAgreement(own(pick(twice, () => 1)), expected, REPEATED, {
    what: 'about the same calibration of rows that are repeated as often as their weights say',
    fix,
  });
}

/** Tensors, as a deployed model runs it, and doubles give the same probabilities. */
function checkTensors(name: string): void {
  const rows = rowsFor({ name } as CalibrationSpec);
  const task = fittedTask(name, rows);
  const width = rows.scores.length / ROWS;
  const tensors = tf.tidy(() => taskScores(task, tf.tensor2d([...rows.logits], [ROWS, width])).dataSync());
  expectAgreement(
    { 'the probabilities': tensors },
    { 'the probabilities': calibratedScores(task, rows.scores) },
    1e-4,
    {
      what: 'the probabilities of doubles on tensors',
      fix: 'Use the operations of `math` alone, and no branch on values.',
    },
  );
}

/**
 * Tests a calibration: the promises of its kind, on rows of a model that is too sure, and those of every component.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testCalibration(platt({ slope: 0.8, offset: -0.2 }), { runner });
 */
export const testCalibration = tester('calibration', {}, (spec: CalibrationSpec) => ({
  spec,
  numbers(each) {
    const { task, scores } = rowsFor(spec);
    return {
      'the probabilities': calibratedScores({ ...task, calibrated: { calibration: each as CalibrationSpec } }, scores),
    };
  },
  own: {
    'it lowers the log loss of its rows': () => checkBetter(spec.name),
    'rankings stay': () => checkRanking(spec.name),
    'weights count as rows, in any order': () => checkRows(spec.name),
    'tensors have the probabilities of doubles': () => checkTensors(spec.name),
  },
}));

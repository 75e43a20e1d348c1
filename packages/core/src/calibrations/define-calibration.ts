import {
  builderNamed,
  createSpec,
  define,
  type Definition,
  doubleMath,
  type Doubles,
  type Factory,
  fail,
  mean,
  type OutputMath,
  type Read,
  registered,
  type Spec,
  suggestion,
  type Written,
} from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { outputTensorMath } from '../arithmetic/output-math.ts';
import type { Calibrator } from '../tasks/labels.ts';
import { kindOf, predictionOf, predictionWidth } from '../tasks/task-kind.ts';
import type { Task } from '../tasks/tasks.ts';

/** A calibration as plain JSON; see {@link defineCalibration}. */
export type CalibrationSpec<C = unknown> = Spec<'calibration', C>;

/** A rising line through points, with straight ends. */
export interface Knots {
  /** Ascending. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The slopes before the first point and after the last one. */
  readonly ends: readonly [before: number, after: number];
}

/** What a calibration computes with: logits are [batch, outputs]. */
export interface CalibrationMath<V> extends OutputMath<V> {
  /** Piecewise linear: the y of each z. */
  readonly interpolate: (z: V, knots: Knots) => V;
}

export interface CalibrationRows {
  /** Logits of yes, [rows]; or of the classes, up to a constant of the row: row-major [rows × classes]. */
  readonly logits: Float64Array;
  /** 0 or 1, or the index of the class. [rows] */
  readonly labels: Float64Array;
  /** Sample weights above 0, 1 in the mean. [rows] */
  readonly weights: Float64Array;
}

export interface DefineCalibrationOptions<O extends object> extends Definition<O> {
  /** The predictions that it is for: the probability of yes, or the probabilities of classes. */
  readonly predictions: readonly ('probability' | 'probabilities')[];
  /** Finds the configuration. @throws PolytaskError for rows from which it can't be found */
  readonly fit: (rows: CalibrationRows) => Written<O>;
}

interface Fitted<C> extends Calibrator<C>, Pick<DefineCalibrationOptions<object>, 'predictions'> {
  fit(rows: CalibrationRows): object;
}

/**
 * Defines a calibration of probabilities. It is written once: serving runs it on tensors, evaluation on doubles, a row at a time. It may
 * use the operations of `math` only, and doesn't branch on values. It should rise with each logit, so that rankings stay.
 *
 * @param apply logits → calibrated logits, [batch, outputs]
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * const shift = defineCalibration('my-package/shift', (z, { add }, { by }) => add(z, by), {
 *   predictions: ['probability'], options: { by: checks.number() }, fit: (rows) => ({ by: … }) });
 */
export function defineCalibration<O extends object>(
  name: string,
  apply: <V>(z: V, math: CalibrationMath<V>, config: Read<O>) => V,
  { predictions, fit, ...about }: DefineCalibrationOptions<O>,
): Factory<'calibration', O> {
  const definition: Fitted<Read<O>> = {
    predictions,
    fit,
    tensors: (z, config) =>
      apply<tf.Tensor>(z.shape.at(-1) === 1 ? tf.clipByValue(z, LEAST, MOST) : z, tensorMath, config),
    probabilities(scores, width, config) {
      const logits = logitsOfProbabilities(scores, width);
      const own = (row: number): Doubles =>
        width === 1 ? logits[row]! : [...logits.subarray(row * width, (row + 1) * width)];
      const link = (z: Doubles) => (width === 1 ? doubleMath.sigmoid(z) : doubleMath.softmax(z));
      const calibrated = new Float64Array(scores.length);
      for (let row = 0; row * width < scores.length; row++) {
        const each = link(apply<Doubles>(own(row), doublesMath, config));
        calibrated.set(typeof each === 'number' ? [each] : each, row * width);
      }
      return calibrated;
    },
  };
  return define('calibration', name, definition, about, ['predictions', 'fit']);
}

const tensorMath: CalibrationMath<tf.Tensor> = {
  ...outputTensorMath,
  interpolate(z, { x, y, ends: [before, after] }) {
    const [first, last] = [x[0]!, x.at(-1)!];
    const column = tf.reshape(z, [-1, 1]);
    const above = (from: number | tf.Tensor) => tf.maximum(tf.sub(column, from), 0);
    let rise = tf.add(tf.mul(tf.minimum(tf.sub(column, first), 0), before), tf.mul(above(last), after));
    if (x.length > 1) {
      const widths = x.slice(1).map((to, i) => to - x[i]!);
      const within = tf.minimum(above(tf.tensor1d(x.slice(0, -1))), tf.tensor1d(widths));
      const slopes = tf.tensor2d(widths.map((width, i) => [(y[i + 1]! - y[i]!) / width]));
      rise = tf.add(rise, tf.matMul(within as tf.Tensor2D, slopes)); // [batch, parts] · [parts, 1]
    }
    return tf.reshape(tf.add(rise, y[0]!), z.shape);
  },
};

const doublesMath: CalibrationMath<Doubles> = {
  ...doubleMath,
  interpolate: (z, knots) =>
    typeof z === 'number' ? interpolated(z, knots) : z.map((each) => interpolated(each, knots)),
};

function interpolated(z: number, { x, y, ends: [before, after] }: Knots): number {
  const last = x.length - 1;
  if (z <= x[0]!) return y[0]! + (z - x[0]!) * before;
  if (z >= x[last]!) return y[last]! + (z - x[last]!) * after;
  const to = x.findIndex((each) => each > z);
  const share = (z - x[to - 1]!) / (x[to]! - x[to - 1]!);
  return y[to - 1]! + share * (y[to]! - y[to - 1]!);
}

/**
 * The logits of the least and the largest probability in doubles, so that 0 and 1 have one. 1 − p has 53 bits, p itself far more. Logits of
 * yes are calibrated within them, in evaluation and in serving alike.
 */
const [LEAST, MOST] = [Math.log(Number.MIN_VALUE), 53 * Math.LN2];

/** Logits of yes; or of the classes, up to a constant of each row. @param scores row-major [rows × width] */
const logitsOfProbabilities = (scores: Float64Array, width: number): Float64Array =>
  scores.map((p) => Math.max(LEAST, Math.min(MOST, Math.log(p) - (width === 1 ? Math.log1p(-p) : 0))));

/** The names of the calibrations that a task can have; none for a task whose outputs aren't logits. */
export function calibrationsFor(task: Task): string[] {
  const { type } = predictionOf(task);
  const isFor = (name: string) => definitionOf(name).predictions.some((each) => each === type);
  return kindOf(task).logits ? registered('calibration').filter(isFor) : [];
}

const definitionOf = (name: string) => builderNamed<Fitted<unknown>>('calibration', name);

/**
 * Fits a calibration to a task's labeled rows.
 *
 * @param scores the probabilities without a calibration, row-major [rows × numbers]
 * @throws PolytaskError when the task can't have it, with what it can have, or it can't be found from these rows
 * @example fitCalibration('platt', binary(), { scores, labels, weights })
 */
export function fitCalibration(
  name: string,
  task: Task,
  { scores, labels, weights }: { scores: Float64Array; labels: Float64Array; weights: Float64Array },
): CalibrationSpec {
  const known = calibrationsFor(task);
  if (!known.includes(name)) {
    fail({
      expected: `a calibration for ${task.kind} tasks`,
      received: `"${name}"`,
      fix: known.length > 0 ? suggestion(name, known) : NO_LOGITS,
    });
  }
  const size = mean(weights);
  const logits = logitsOfProbabilities(scores, predictionWidth(task));
  const config = definitionOf(name).fit({ logits, labels, weights: weights.map((weight) => weight / size) });
  return createSpec('calibration', name, config);
}

const NO_LOGITS =
  'Yes/no tasks and tasks of classes are calibrated; numbers and counts have intervals. Declare another kind, or leave this task out.';

/** The weights of no and of yes. @throws PolytaskError when there is one of them only */
export function requireBoth({
  labels,
  weights,
}: Pick<CalibrationRows, 'labels' | 'weights'>): [no: number, yes: number] {
  const sums: [number, number] = [0, 0];
  labels.forEach((label, row) => (sums[label > 0 ? 1 : 0] += weights[row]!));
  if (Math.min(...sums) > 0) return sums;
  return fail({
    expected: 'rows of yes and of no to calibrate on',
    received: labels.length === 0 ? 'no labeled row' : `only ${sums[1] > 0 ? 'yes' : 'no'}`,
    fix: 'Pass more rows, or leave the calibration of this task out.',
  });
}

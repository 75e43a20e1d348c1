import * as tf from '@tensorflow/tfjs-core';
import { doubleMath, type Doubles, resolve, type Spec } from '@polytask/components';
import { outputTensorMath } from '../arithmetic/output-math.ts';
import { labelTypeOf, unitOf } from './label-types.ts';
import { kindOf, labelOf, predictionWidth } from './task-kind.ts';
import type { Task } from './tasks.ts';

/**
 * The logarithm of `log: true`: sign(y)·log(1 + |y|).
 *
 * @example signedLog(-(Math.E - 1)) // -1
 */
export const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

/** The inverse of {@link signedLog}. @example signedExp(-1) // 1 − e */
export const signedExp = (value: number): number => Math.sign(value) * Math.expm1(Math.abs(value));

/**
 * How the number that a model is trained on, x, gives the label: x · factor + offset, and then its exponential. Labels stay as they are where
 * nothing was fitted.
 */
function scaleOf(task: Task) {
  const { log = false, scale = 'none' } = unitOf(labelOf(task));
  const { mean, deviation = 1 } = task.fitted ?? {};
  if (mean === undefined || scale === 'none') return { factor: 1, offset: 0, log };
  return scale === 'mean' ? { factor: mean, offset: 0, log } : { factor: deviation, offset: mean, log };
}

/**
 * Converts labels from their own unit to the number that the model is trained on. Yes, no and classes stay as they are.
 *
 * @example labelEncoder({ kind: 'regression', fitted: { mean: 40, deviation: 12 } })(52) // 1
 */
export function labelEncoder(task: Task): (label: number) => number {
  const { factor, log, offset } = scaleOf(task);
  return (label) => ((log ? signedLog(label) : label) - offset) / factor;
}

/**
 * The inverse of {@link labelEncoder}: converts encoded labels to the labels' own unit.
 *
 * @example labelDecoder({ kind: 'regression', fitted: { mean: 40, deviation: 12 } })(1) // 52
 */
export function labelDecoder(task: Task): (encoded: number) => number {
  const { factor, log, offset } = scaleOf(task);
  return (encoded) => (log ? signedExp(encoded * factor + offset) : encoded * factor + offset);
}

/** A calibration as the registry has it; see `defineCalibration` of `@polytask/core/calibration`. */
export interface Calibrator<C = unknown> {
  /** Logits → calibrated logits, on the current backend: [batch, outputs]. */
  tensors(z: tf.Tensor, config: C): tf.Tensor;
  /** Probabilities → calibrated ones, in doubles: row-major [rows × width]. */
  probabilities(scores: Float64Array, width: number, config: C): Float64Array;
}

const calibratorOf = (spec: Spec<'calibration'>): Calibrator => resolve<Calibrator>(spec).builder;

/**
 * Converts a task's logits to predictions: the probability of yes, the probabilities of the classes, or numbers in the
 * label's own unit. It runs on the current backend and can be traced.
 *
 * @param logits [members · batch, outputs]
 * @param members of the model, whose predictions are averaged, before they are converted to the label's unit. Default 1
 * @returns predictions, [batch, numbers]
 * @example taskScores(binary(), tf.tensor2d([[0]])) // [[0.5]]
 */
export function taskScores(task: Task, logits: tf.Tensor, members = 1): tf.Tensor {
  const { predict } = kindOf(task);
  const width = predictionWidth(task);
  const mean = (z: tf.Tensor): tf.Tensor => {
    const scores = predict ? predict<tf.Tensor>(z, outputTensorMath) : z;
    const each = scores.rank === 2 ? scores : tf.reshape(scores, [-1, width]);
    return members === 1 ? each : tf.mean(tf.reshape(each, [members, -1, width]), 0);
  };
  const spec = task.calibrated?.calibration;
  if (spec) {
    const log = (z: tf.Tensor) => tf.log(mean(z));
    const ofMean = () => (width === 1 ? tf.sub(log(logits), log(tf.neg(logits))) : log(logits)); // 1 − p would round to 0
    const z = calibratorOf(spec).tensors(members === 1 ? logits : ofMean(), spec.config);
    return predict!<tf.Tensor>(z, outputTensorMath);
  }
  const shaped = mean(logits);
  const { factor, log, offset } = scaleOf(task);
  const scaled = factor === 1 ? shaped : tf.mul(shaped, factor);
  const value = offset === 0 ? scaled : tf.add(scaled, offset);
  return log ? tf.mul(tf.sign(value), tf.expm1(tf.abs(value))) : value;
}

/**
 * The predictions in double precision, as evaluation needs them. Numbers are encoded, as labels are in training: {@link labelDecoder}
 * gives them in the label's own unit.
 *
 * @param logits row-major [members × rows × outputs]
 * @param members of the model, whose predictions are averaged. Default 1
 * @returns row-major [rows × numbers]
 * @example encodedScores(binary(), [0, 2], 1) // [0.5, 0.8808]
 */
export function encodedScores(task: Task, logits: ArrayLike<number>, outputs: number, members = 1): Float64Array {
  const scores = scoresOfRows(task, logits, outputs);
  if (members === 1) return calibratedScores(task, scores);
  const means = new Float64Array(scores.length / members);
  scores.forEach((score, i) => (means[i % means.length]! += score / members));
  return calibratedScores(task, means);
}

/**
 * Calibrates the probabilities of a task, in double precision.
 *
 * @param scores as the model gives them, row-major [rows × numbers]
 * @returns the same scores for a task without a calibration
 */
export function calibratedScores(task: Task, scores: Float64Array): Float64Array {
  const spec = task.calibrated?.calibration;
  return spec ? calibratorOf(spec).probabilities(scores, predictionWidth(task), spec.config) : scores;
}

function scoresOfRows(task: Task, logits: ArrayLike<number>, outputs: number): Float64Array {
  const { predict } = kindOf(task);
  if (!predict) return Float64Array.from(logits);
  const width = predictionWidth(task);
  const scores = new Float64Array((logits.length / outputs) * width);
  const row = new Array<number>(outputs);
  for (let r = 0; r * outputs < logits.length; r++) {
    for (let i = 0; i < outputs; i++) row[i] = logits[r * outputs + i]!;
    const own = predict<Doubles>(outputs === 1 ? row[0]! : row, doubleMath);
    if (typeof own === 'number') scores[r] = own;
    else scores.set(own, r * width);
  }
  return scores;
}

/** The most labels of a row whose sum of powers of 2 a number of 32 bits holds exactly. */
export const MOST_LABELS = 24;

/**
 * An encoded label that a task could have, for rows that a program makes up.
 *
 * @param score any number: a greater one gives a greater label, a later class, or more labels
 * @example madeUpLabel(binary(), -0.3) // 0
 */
export function madeUpLabel(task: Task, score: number): number {
  const label = labelOf(task);
  const { madeUp, names } = labelTypeOf(label);
  if (madeUp) return madeUp(label, score);
  const last = (names?.(label)?.length ?? 0) - 1;
  if (last >= 0) return last === 1 ? Number(score > 0) : Math.min(last, Math.max(0, Math.round(score + 1)));
  const { minimum = -Infinity, maximum = Infinity } = unitOf(label);
  if (maximum < Infinity) return Math.max(minimum, maximum - Math.log1p(Math.exp(-score)));
  return minimum === -Infinity ? score : minimum + Math.max(0, score);
}

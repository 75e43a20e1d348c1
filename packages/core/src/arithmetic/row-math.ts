import { erf, logGamma } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { outputTensorMath, type OutputMath } from './output-math.ts';
import { withGradient } from './with-gradient.ts';

/**
 * What a loss may compute with. Values are [(tasks,) batch], or [(tasks,) batch, outputs] for the outputs of a task with several.
 * In training they are tensors, whose gradients TF.js knows. In evaluation they are doubles, one row at a time.
 */
export interface RowMath<V> extends OutputMath<V> {
  /** The log loss of a logit: softplus(z) − z y. Its gradient is computed at once: σ(z) − y. */
  readonly logLoss: (z: V, y: V) => V;
  readonly logSoftmax: (z: V) => V;
  /** log Γ(a) for a > 0, whose slope is the digamma function. ∞ at 0, and NaN below: a loss may have it of positive numbers only. */
  readonly lgamma: (a: V) => V;
  /** The output whose index is the label: [batch, outputs], [batch] → [batch]. */
  readonly chosen: (outputs: V, label: V) => V;
  /** [batch, outputs] → [batch]. */
  readonly sum: (outputs: V) => V;
  /** [batch, outputs] → [batch]. */
  readonly mean: (outputs: V) => V;
  /** The number for the label's index: [batch] → [batch]. */
  readonly pick: (numbers: readonly number[], label: V) => V;
}

const logLoss = /* @__PURE__ */ withGradient(
  (z, y) => tf.sub(tf.softplus(z), tf.mul(z, y)),
  (dy, z, y) => [tf.mul(dy, tf.sub(tf.sigmoid(z), y)), tf.neg(tf.mul(dy, z))],
);

/** TF.js operations on the current backend, in float32. */
export const tensorMath: RowMath<tf.Tensor> = /* @__PURE__ */ Object.assign({}, outputTensorMath, {
  sigmoid: tf.sigmoid, // its gradient is finite for every logit
  logLoss,
  logSoftmax: (z) => tf.logSoftmax(z),
  lgamma,
  chosen: (outputs, label) => tf.sum(tf.mul(oneHot(label, outputs.shape.at(-1)!), outputs), -1),
  sum: (outputs) => tf.sum(outputs, -1),
  mean: (outputs) => tf.mean(outputs, -1),
  pick: (numbers, label) => tf.sum(tf.mul(oneHot(label, numbers.length), tf.tensor1d([...numbers])), -1),
} satisfies Omit<RowMath<tf.Tensor>, Exclude<keyof OutputMath<tf.Tensor>, 'sigmoid'>>);

/** Numbers that Stirling's series is moved up by: of 4 or more, three terms have all digits of 32 bits. */
const MOVED = [0, 1, 2, 3];

/** Stirling's series of log Γ(a + 4), less log a + … + log (a + 3). Each term has a slope that 32 bits hold. */
function lgamma(a: tf.Tensor): tf.Tensor {
  const x = tf.add(a, MOVED.length);
  const inverse = tf.div(1, x);
  const square = tf.square(inverse);
  const series = tf.mul(inverse, tf.add(1 / 12, tf.mul(square, tf.sub(tf.mul(square, 1 / 1260), 1 / 360))));
  const stirling = tf.sub(tf.mul(tf.sub(x, 0.5), tf.log(x)), tf.sub(x, Math.log(2 * Math.PI) / 2));
  const logs = MOVED.map((by) => tf.log(tf.add(a, by)));
  return tf.sub(tf.add(stirling, series), tf.addN(logs));
}

const oneHot = (label: tf.Tensor, depth: number): tf.Tensor =>
  tf.cast(tf.oneHot(tf.cast(label, 'int32'), depth), 'float32');

export type Doubles = number | readonly number[];

const each = (a: Doubles, f: (a: number) => number): Doubles => (typeof a === 'number' ? f(a) : a.map(f));

const both = (a: Doubles, b: Doubles, f: (a: number, b: number) => number): Doubles => {
  if (typeof a !== 'number') return a.map((one, i) => f(one, typeof b === 'number' ? b : b[i]!));
  return typeof b === 'number' ? f(a, b) : b.map((one) => f(a, one));
};

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

const largest = (numbers: readonly number[]): number =>
  numbers.reduce((top, each) => (each > top ? each : top), -Infinity);

const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** The arithmetic of losses for one row, in double precision. */
export const doubleMath: RowMath<Doubles> = {
  add: (v, w) => both(v, w, (a, b) => a + b),
  sub: (v, w) => both(v, w, (a, b) => a - b),
  mul: (v, w) => both(v, w, (a, b) => a * b),
  div: (v, w) => both(v, w, (a, b) => a / b),
  maximum: (a, b) => both(a, b, Math.max),
  minimum: (a, b) => both(a, b, Math.min),
  neg: (v) => each(v, (a) => -a),
  abs: (v) => each(v, Math.abs),
  sign: (v) => each(v, (a) => (a > 0 ? 1 : a < 0 ? -1 : 0)),
  sqrt: (v) => each(v, Math.sqrt),
  square: (v) => each(v, (a) => a * a),
  exp: (v) => each(v, Math.exp),
  expm1: (v) => each(v, Math.expm1),
  log: (v) => each(v, Math.log),
  softplus: (v) => each(v, softplus),
  sigmoid: (v) => each(v, (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)))),
  sin: (v) => each(v, Math.sin),
  cos: (v) => each(v, Math.cos),
  atan2: (v, w) => both(v, w, Math.atan2),
  lgamma: (v) => each(v, logGamma),
  erf: (v) => each(v, erf),
  logLoss: (v, w) => both(v, w, (z, y) => y * softplus(-z) + (1 - y) * softplus(z)),
  logSoftmax(z) {
    const outputs = z as readonly number[];
    const top = largest(outputs);
    const total = top + Math.log(sumOf(outputs.map((each) => Math.exp(each - top))));
    return outputs.map((each) => each - total);
  },
  softmax(z) {
    const outputs = z as readonly number[];
    const top = largest(outputs);
    const exps = outputs.map((each) => Math.exp(each - top));
    const sum = sumOf(exps);
    return exps.map((each) => each / sum);
  },
  at: (outputs, i) => (outputs as readonly number[])[i]!,
  stack: (values) => values as readonly number[],
  chosen: (outputs, label) => (outputs as readonly number[])[label as number]!,
  sum: (outputs) => sumOf(outputs as readonly number[]),
  mean: (outputs) => sumOf(outputs as readonly number[]) / (outputs as readonly number[]).length,
  pick: (numbers, label) => numbers[label as number]!,
};

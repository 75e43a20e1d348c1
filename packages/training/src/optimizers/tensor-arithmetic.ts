import * as tf from '@tensorflow/tfjs';
import type { Arithmetic } from './arithmetic.ts';

/** Updates as TF.js operations on the current backend. */
export const tensorArithmetic: Arithmetic<tf.Tensor> = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  maximum: (a, b) => tf.maximum(a, b),
  minimum: (a, b) => tf.minimum(a, b),
  neg: (a) => tf.neg(a),
  abs: (a) => tf.abs(a),
  sign: (a) => tf.sign(a),
  sqrt: (a) => tf.sqrt(a),
  square: (a) => tf.square(a),
};

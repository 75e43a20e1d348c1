import * as tf from '@tensorflow/tfjs-core';

/** Arithmetic of one or two operands. A number operand is the same at every index. */
type Unary<V> = (a: V | number) => V;
type Binary<V> = (a: V | number, b: V | number) => V;

/**
 * Elementwise arithmetic in float32: the operations that the update of an optimizer may use. Each result is rounded once, as
 * in PyTorch. The type `V` depends on the engine: a TF.js tensor, a block of numbers, or four numbers in a register.
 */
export interface Arithmetic<V> {
  readonly add: Binary<V>;
  readonly sub: Binary<V>;
  readonly mul: Binary<V>;
  readonly div: Binary<V>;
  /** The greater operand; NaN when one operand is NaN. */
  readonly maximum: Binary<V>;
  /** The lesser operand; NaN when one operand is NaN. */
  readonly minimum: Binary<V>;
  readonly neg: Unary<V>;
  readonly abs: Unary<V>;
  /** −1, 0 or 1; 0 for NaN, as in TF.js and PyTorch. */
  readonly sign: Unary<V>;
  readonly sqrt: Unary<V>;
  readonly square: Unary<V>;
}

/** Updates as TF.js operations on the current backend. */
export const tensorArithmetic: Arithmetic<tf.Tensor> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  neg: tf.neg,
  abs: tf.abs,
  sign: tf.sign,
  sqrt: tf.sqrt,
  square: tf.square,
};

/** L2 regularization, as the `weight_decay` of PyTorch: adds the gradient of ½ · decay · ‖parameter‖². */
export const withDecay = <V>(gradient: V, parameter: V, decay: V | undefined, { add, mul }: Arithmetic<V>): V =>
  decay === undefined ? gradient : add(gradient, mul(parameter, decay));

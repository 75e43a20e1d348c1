import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.ts';

/**
 * f(x) with a gradient of 0, for decisions without one (the largest k, rounding), and operations that have none in TF.js.
 *
 * @example detached(tf.scalar(0.7), (p) => tf.round(p)) // 1
 */
export const detached = (x: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor =>
  withGradient(f, (_dy, value) => tf.zerosLike(value))(x);

/** Returns x with a gradient of 0. TF.js has no such operation. @example tf.mul(stopGradient(scale), x) // trains x alone */
export const stopGradient = <T extends tf.Tensor>(x: T): T => detached(x, (value) => tf.clone(value)) as T;

/**
 * Straight-through estimator (Bengio et al. 2013): the value of `hard` with the gradient of `soft`.
 *
 * @example straightThrough(detached(p, (x) => tf.round(x)), p)
 */
export const straightThrough = (hard: tf.Tensor, soft: tf.Tensor): tf.Tensor =>
  tf.add(soft, stopGradient(tf.sub(hard, soft)));

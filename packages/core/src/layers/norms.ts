import * as tf from '@tensorflow/tfjs-core';
import { ones } from '../parameters/initializers.ts';
import type { Scope } from '../parameters/scope.ts';
import type { Layer } from './layer.ts';

const MOMENTUM = 0.9;
const EPSILON = 1e-5;

/**
 * Batch normalization (Ioffe & Szegedy 2015): γ (x − mean) / √(variance + ε) + β over the batch axis, ε = 1e-5.
 *
 * In training the layer uses the mean and (biased) variance of the batch, and updates the running statistics with momentum 0.9.
 * Otherwise it uses the running statistics, and so does a frozen layer. A bank keeps separate statistics for each member.
 *
 * @param size the width of x
 * @returns [(bank,) batch, size] → the same shape
 * @example const norm = batchNorm(scope.child('norm'), 64);
 */
export function batchNorm(scope: Scope, size: number): Layer {
  const gamma = scope.bias('gamma', size, ones());
  const beta = scope.bias('beta', size);
  const runningMean = scope.buffer('mean', size);
  const runningVariance = scope.buffer('variance', size, ones());

  const update = (running: tf.Variable, ofBatch: tf.Tensor) =>
    running.assign(tf.add(tf.mul(running, MOMENTUM), tf.mul(tf.reshape(ofBatch, running.shape), 1 - MOMENTUM)));

  return (x, { training }) => {
    const batchAxis = x.rank - 2;
    let mean: tf.Tensor = runningMean;
    let variance: tf.Tensor = runningVariance;
    if (training && gamma.trainable) {
      mean = tf.mean(x, batchAxis, true);
      variance = tf.mean(tf.square(tf.sub(x, mean)), batchAxis, true);
      update(runningMean, mean);
      update(runningVariance, variance);
    }
    return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, EPSILON))), gamma), beta);
  };
}

/**
 * Layer normalization (Ba et al. 2016): γ (x − mean) / √(variance + ε) + β over the last axis, ε = 1e-5.
 *
 * @param size the width of x
 * @returns [(bank,) batch, size] → the same shape
 * @example const norm = layerNorm(scope.child('norm'), 64);
 */
export function layerNorm(scope: Scope, size: number): (x: tf.Tensor) => tf.Tensor {
  const gamma = scope.bias('gamma', size, ones());
  const beta = scope.bias('beta', size);
  return (x) => {
    const centered = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centered), -1, true);
    return tf.add(tf.mul(tf.mul(centered, tf.rsqrt(tf.add(variance, EPSILON))), gamma), beta);
  };
}

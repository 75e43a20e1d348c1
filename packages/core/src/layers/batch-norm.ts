import * as tf from '@tensorflow/tfjs';
import { ones } from '../parameters/initializers.ts';
import type { Scope } from '../parameters/scope.ts';
import type { Layer } from './layer.ts';

export interface BatchNormConfig {
  /** How much of the running statistics stays at each step. */
  momentum?: number;
  epsilon?: number;
}

/**
 * Batch normalization (Ioffe & Szegedy 2015) over the batch axis: the batch's own mean and (biased) variance in
 * training, while the running ones follow; the running ones otherwise. A bank keeps statistics for each member.
 */
export function batchNorm(scope: Scope, size: number, config: BatchNormConfig = {}): Layer {
  const { momentum = 0.9, epsilon = 1e-5 } = config;
  const gamma = scope.bias('gamma', size, ones());
  const beta = scope.bias('beta', size);
  const runningMean = scope.buffer('mean', size);
  const runningVariance = scope.buffer('variance', size, ones());

  const follow = (running: tf.Variable, now: tf.Tensor) =>
    running.assign(tf.add(tf.mul(running, momentum), tf.mul(tf.reshape(now, running.shape), 1 - momentum)));

  return (x, { training }) => {
    const batchAxis = x.rank - 2;
    let mean: tf.Tensor = runningMean;
    let variance: tf.Tensor = runningVariance;
    if (training) {
      mean = tf.mean(x, batchAxis, true);
      variance = tf.mean(tf.square(tf.sub(x, mean)), batchAxis, true);
      follow(runningMean, mean);
      follow(runningVariance, variance);
    }
    return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon))), gamma), beta);
  };
}

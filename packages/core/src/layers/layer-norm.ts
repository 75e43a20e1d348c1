import * as tf from '@tensorflow/tfjs-core';
import { ones } from '../parameters/initializers.ts';
import type { Scope } from '../parameters/scope.ts';
import type { Layer } from './layer.ts';

/**
 * Layer normalization (Ba et al. 2016): γ (x − mean) / √(variance + ε) + β over the last axis.
 *
 * @param size the width of x
 * @param epsilon ε
 * @returns [(bank,) batch, size] → the same shape
 * @example const norm = layerNorm(scope.child('norm'), 64);
 */
export function layerNorm(scope: Scope, size: number, epsilon = 1e-5): Layer {
  const gamma = scope.bias('gamma', size, ones());
  const beta = scope.bias('beta', size);
  return (x) => {
    const centered = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centered), -1, true);
    return tf.add(tf.mul(tf.mul(centered, tf.rsqrt(tf.add(variance, epsilon))), gamma), beta);
  };
}

import * as tf from '@tensorflow/tfjs-core';
import { stopGradient } from '../arithmetic/stop-gradient.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import type { ExpertPlace } from './units.ts';
import { visibleExperts, type Visibility } from './visibility.ts';

/**
 * Fuses the experts' outputs: f_u = Σ_e W_u,e E_e.
 *
 * @param weights [units, batch or 1, experts], or [units, batch or 1, experts, dim] with a weight for each feature
 * @param experts [experts, batch, dim]
 * @returns [units, batch, dim]
 */
export function fuse(weights: tf.Tensor, experts: tf.Tensor3D): tf.Tensor3D {
  const [units, rows] = weights.shape as [number, number, number];
  const [count, batch, dim] = experts.shape;
  if (weights.rank === 4) {
    const outputs = tf.expandDims(tf.transpose(experts, [1, 0, 2]), 0); // [1, batch, experts, dim]
    return tf.sum(tf.mul(weights, outputs), 2) as tf.Tensor3D;
  }
  if (rows === 1) {
    const flat = tf.reshape(experts, [count, batch * dim]);
    const fused = tf.matMul(tf.reshape(weights, [units, count]), flat); // [units, batch × dim]
    return tf.reshape(fused, [units, batch, dim]);
  }
  const fused = tf.matMul(tf.transpose(weights, [1, 0, 2]), tf.transpose(experts, [1, 0, 2])); // [batch, units, dim]
  return tf.transpose(fused, [1, 0, 2]) as tf.Tensor3D;
}

/** 1 where the loss of an output trains an expert, 0 elsewhere, [units, 1, experts]. */
export function trainMask(
  store: ParameterStore,
  trains: Visibility,
  outputs: readonly string[],
  experts: readonly ExpertPlace[],
): tf.Tensor {
  const flat = visibleExperts(trains, outputs, experts).flat().map(Number);
  return store.constant(flat, [outputs.length, 1, experts.length]);
}

/** {@link fuse} whose gradients reach only the experts in the mask. The weights get gradients from all experts. */
export function fuseTrained(weights: tf.Tensor, experts: tf.Tensor3D, mask: tf.Tensor): tf.Tensor3D {
  const trained = weights.rank === 4 ? tf.expandDims(mask, 3) : mask;
  const open = fuse(tf.mul(weights, trained), experts);
  const closed = fuse(tf.mul(weights, tf.sub(1, trained)), stopGradient(experts));
  return tf.add(open, closed);
}

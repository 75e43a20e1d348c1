import { optional, positive, type FromDescription, type Written } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';

export const clipOptions = {
  /** Limits each number to ±value. This bound comes first. */
  value: optional(positive),
  /** Scales all gradients together down to this norm, when their norm is greater (Pascanu et al. 2013). */
  norm: optional(positive),
};

/** Bounds on gradients, as plain JSON. */
export interface ClipOptions extends Written<typeof clipOptions>, FromDescription {}

/**
 * Clips gradients as `clip_grad_value_` and then `clip_grad_norm_` of PyTorch do. The factor of the norm is
 * min(1, norm / (‖g‖ + 1e-6)). Call this function in a `tf.tidy`.
 */
export function clipped(gradients: readonly tf.Tensor[], { value, norm }: ClipOptions): readonly tf.Tensor[] {
  const bounded =
    value === undefined ? gradients : gradients.map((gradient) => tf.clipByValue(gradient, -value, value));
  if (norm === undefined) return bounded;
  const squares = bounded.map((gradient) => tf.sum(tf.square(gradient)));
  const length = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(norm, tf.add(length, 1e-6)), 1);
  return bounded.map((gradient) => tf.mul(gradient, factor));
}

/** Like {@link clipped}, for a flat array of all gradients in host memory. Changes the array in place. */
export function clipFlat(gradients: Float32Array, { value, norm }: ClipOptions): Float32Array {
  if (value !== undefined)
    for (let i = 0; i < gradients.length; i++) gradients[i] = Math.min(value, Math.max(-value, gradients[i]!));
  if (norm === undefined) return gradients;
  let squares = 0;
  for (const gradient of gradients) squares += gradient * gradient;
  const factor = Math.min(1, norm / (Math.sqrt(squares) + 1e-6));
  for (let i = 0; i < gradients.length; i++) gradients[i]! *= factor;
  return gradients;
}

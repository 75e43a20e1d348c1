import * as tf from '@tensorflow/tfjs-core';
import { number, optional, positive, type Read } from '@polytask/components';
import type { Call, Scope } from '@polytask/core';

/** A temperature that falls during training. */
export const annealedOptions = {
  /** The initial temperature. */
  temperature: optional(positive, 1),
  /** The factor by which the temperature is multiplied at each training step. */
  decay: optional(number({ above: 0, to: 1 }), 1),
  /** The least temperature. Default: 0.1, or `temperature` if it is lower. */
  minTemperature: optional(positive, ({ temperature }) => Math.min(0.1, temperature as number)),
};

/**
 * Returns the current temperature, max(minTemperature, temperature × decay^steps). A buffer of the model counts the steps. It is
 * saved, so a resumed run continues with the same temperature.
 */
export function annealed(
  scope: Scope,
  { temperature, decay, minTemperature }: Read<typeof annealedOptions>,
): (call: Call) => tf.Tensor | number {
  if (decay === 1) return () => temperature;
  const steps = scope.buffer('steps', 1);
  return ({ training }) => {
    const cooled = tf.maximum(minTemperature, tf.mul(temperature, tf.exp(tf.mul(steps, Math.log(decay)))));
    if (training) steps.assign(tf.add(steps, 1));
    return cooled;
  };
}

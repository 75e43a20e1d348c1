import * as tf from '@tensorflow/tfjs-core';
import { checks, type Call, type Options, type Scope } from '@polytask/core';

const { number, optional } = checks;

/** A temperature that falls during training. */
export interface AnnealedOptions {
  /** The initial temperature. Default 1. */
  temperature?: number;
  /** The factor by which the temperature is multiplied at each training step. Default 1. */
  decay?: number;
  /** The least temperature. Default 0.1. */
  minTemperature?: number;
}

const positive = number('a temperature above 0', (value) => value > 0);

export const annealedOptions: Options<AnnealedOptions> = {
  temperature: optional(positive),
  decay: optional(number('a factor in (0, 1]', (value) => value > 0 && value <= 1)),
  minTemperature: optional(positive),
};

/**
 * Returns the current temperature, max(minTemperature, temperature × decay^steps). A buffer of the model counts the steps. It is
 * saved, so a resumed run continues with the same temperature.
 */
export function annealed(scope: Scope, config: AnnealedOptions): (call: Call) => tf.Tensor | number {
  const { temperature = 1, decay = 1, minTemperature = Math.min(0.1, temperature) } = config;
  if (decay === 1) return () => temperature;
  const steps = scope.buffer('steps', 1);
  return ({ training }) => {
    const cooled = tf.maximum(minTemperature, tf.mul(temperature, tf.exp(tf.mul(steps, Math.log(decay)))));
    if (training) steps.assign(tf.add(steps, 1));
    return cooled;
  };
}

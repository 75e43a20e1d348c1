import * as tf from '@tensorflow/tfjs';
import { checks, type Call, type Options, type Scope } from '@polytask/core';

const { number, optional } = checks;

/** A temperature that falls as training goes on. */
export interface AnnealedConfig {
  /** Default 1 */
  temperature?: number;
  /** Times this at each training step. Default 1: it stays. */
  decay?: number;
  /** It doesn't fall below. Default 0.1. */
  coldest?: number;
}

const positive = number('a temperature above 0', (value) => value > 0);

export const annealedOptions: Options<AnnealedConfig> = {
  temperature: optional(positive),
  decay: optional(number('a factor in (0, 1]', (value) => value > 0 && value <= 1)),
  coldest: optional(positive),
};

/**
 * max(coldest, temperature × decay^steps). The steps are counted by a buffer of the model, so they are saved, and go on
 * where a resumed run left them.
 */
export function annealed(scope: Scope, config: AnnealedConfig): (call: Call) => tf.Tensor | number {
  const { temperature = 1, decay = 1, coldest = Math.min(0.1, temperature) } = config;
  if (decay === 1) return () => temperature;
  const steps = scope.buffer('steps', 1);
  return ({ training }) => {
    const cooled = tf.maximum(coldest, tf.mul(temperature, tf.exp(tf.mul(steps, Math.log(decay)))));
    if (training) steps.assign(tf.add(steps, 1));
    return cooled;
  };
}

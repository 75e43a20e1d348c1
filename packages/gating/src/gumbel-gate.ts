import * as tf from '@tensorflow/tfjs-core';
import { flag, number, optional, positive, type Read, type Written } from '@polytask/components';
import {
  defineGate,
  detached,
  normal,
  randomTensor,
  straightThrough,
  type Call,
  type GateOptions,
  type GateSpec,
  type Scope,
} from '@polytask/core';
import { largest } from './noisy-top-k-gate.ts';
import { expertScores, hideUnseen, scoreOptions } from './scores.ts';

/** A temperature that falls during training. */
export const annealedOptions = {
  /** The initial temperature. */
  temperature: optional(positive, 1),
  /** The factor by which the temperature is multiplied at each training step. */
  decay: optional(number({ above: 0, to: 1 }), 1),
  /** The least temperature. Default: 0.1, or `temperature` if it is lower. */
  minTemperature: optional(positive, ({ temperature }) => Math.min(0.1, temperature as number)),
};

const options = {
  ...scoreOptions,
  ...annealedOptions,
  /** True: training also uses one expert, with the gradient of the soft weights. False: a mixture. */
  hard: optional(flag, false),
};

export interface GumbelGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Gumbel-softmax gate (Jang et al., ICLR'17, eq. 2; Maddison et al., ICLR'17). In training
 * W_u = softmax((s + g) / temperature), with g = −log(−log u) drawn anew at each step. Otherwise the expert with the largest
 * score has weight 1 and the others 0. s = x W + b, or learned scores with `reads: 'nothing'` (learning to branch).
 *
 * @returns weights [units, batch or 1, experts], which sum to 1 for each unit and row
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example gumbelGate({ reads: 'nothing', temperature: 5, decay: 0.999, minTemperature: 0.5 })
 */
export const gumbelGate: (config?: GumbelGateOptions) => GateSpec = defineGate(
  'gumbel',
  (builder, config) => {
    const { reads, hard } = config;
    const scores = expertScores(builder, { ...config, start: normal(0.01) });
    const hide = hideUnseen(builder, 'gumbel');
    const temperature = annealed(builder, config);
    const random = builder.random('gumbel');
    return {
      reads,
      apply(x, call) {
        const logits = hide(scores(x, call)); // [units, batch or 1, experts]
        if (!call.training) return detached(logits, (s) => largest(s, 1));
        const noise = randomTensor(random, logits.shape, (stream, size) => stream.uniform(size).map(gumbel));
        const soft = tf.softmax(tf.div(tf.add(logits, noise), temperature(call)));
        if (!hard) return soft;
        const chosen = detached(soft, (p) => largest(p, 1));
        return straightThrough(chosen, soft);
      },
    };
  },
  {
    traits: { normalized: true },
    description: 'one expert, drawn by Gumbel-softmax in training',
    paper: 'Jang et al., ICLR 2017, eq. 2',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ reads }) },
    options,
  },
);

const gumbel = (u: number): number => -Math.log(-Math.log(Math.min(Math.max(u, 1e-7), 1 - 1e-7)));

/** The current temperature, max(minTemperature, temperature × decay^steps). A buffer of the model counts the steps. */
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

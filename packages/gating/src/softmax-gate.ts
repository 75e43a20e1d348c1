import * as tf from '@tensorflow/tfjs-core';
import { optional, positive, type Written } from '@polytask/components';
import { defineGate, type GateOptions, type GateSpec } from '@polytask/core';
import { expertScores, hideUnseen, scoreOptions } from './scores.ts';

const options = {
  ...scoreOptions,
  /** The divisor of the scores. Above 1, weights are more even; below 1, they are closer to 0 and 1. */
  temperature: optional(positive, 1),
};

export interface SoftmaxGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Softmax gate: W_u = softmax((x W + b) / temperature) over the experts that the unit sees, exactly 0 elsewhere
 * (MMoE, eq. 8; PLE, section 4.1; AdaTT, eq. 10). x is the unit's vector or the network's input. With `reads: 'nothing'`,
 * W_u = softmax(s / temperature) of learned scores s (soft layer ordering). The equations of MMoE and PLE have no bias; the
 * AdaTT authors' library has one.
 *
 * @returns weights [units, batch or 1, experts]; each unit's weights are positive and sum to 1
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example softmaxGate({ sees: 'own+shared', temperature: 2 })
 */
export const softmaxGate: (config?: SoftmaxGateOptions) => GateSpec = defineGate(
  'softmax',
  (builder, config) => {
    const { reads, temperature } = config;
    const scores = expertScores(builder, config);
    const hide = hideUnseen(builder, 'softmax');
    return {
      reads,
      apply(x, call) {
        const logits = scores(x, call); // [units, batch, experts]
        return tf.softmax(hide(temperature === 1 ? logits : tf.div(logits, temperature)));
      },
    };
  },
  {
    traits: ({ reads }: { reads: string }) => ({ normalized: true, fixedStart: reads === 'nothing' }),
    description: 'a softmax over visible experts, from the representation or the input',
    paper: 'Ma et al., KDD 2018, eq. 8; Li et al., KDD 2023, eq. 10',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ reads }) },
    options,
  },
);

import * as tf from '@tensorflow/tfjs-core';
import type { Written } from '@polytask/components';
import { defineGate, type GateOptions, type GateSpec } from '@polytask/core';
import { expertScores, scoreOptions } from './scores.ts';

export interface SigmoidGateOptions extends Written<typeof scoreOptions>, GateOptions {}

/**
 * Sigmoid gate: W_u,e = σ(x W + b)_e where the unit sees the expert, 0 elsewhere. Experts don't compete: a unit can use all
 * of them or none (Csordás et al., EMNLP Findings 2023).
 *
 * @returns weights [units, batch or 1, experts] in [0, 1]
 * @throws PolytaskError when an option is unknown or invalid
 * @example sigmoidGate({ reads: 'raw', hidden: [16] })
 */
export const sigmoidGate: (config?: SigmoidGateOptions) => GateSpec = defineGate(
  'sigmoid',
  (builder, config) => {
    const scores = expertScores(builder, config);
    return {
      reads: config.reads,
      apply: (x, call) => tf.mul(tf.sigmoid(scores(x, call)), builder.mask),
    };
  },
  {
    traits: ({ reads }: { reads: string }) => ({ fixedStart: reads === 'nothing' }),
    description: 'a sigmoid for each expert; experts do not compete',
    paper: 'Csordás et al., EMNLP Findings 2023',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ reads }) },
    options: scoreOptions,
  },
);

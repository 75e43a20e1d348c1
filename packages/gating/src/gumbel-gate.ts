import * as tf from '@tensorflow/tfjs';
import { checks, defineGate, detached, normal, randomTensor, straightThrough, type GateConfig } from '@polytask/core';
import { annealed, annealedOptions, type AnnealedConfig } from './annealed.ts';
import { expertScores, hideUnseen, needSight, scoreOptions, type ScoresConfig } from './scores.ts';
import { largest } from './top-k.ts';

const { flag, optional } = checks;

export interface GumbelGateConfig extends GateConfig, ScoresConfig, AnnealedConfig {
  /** Whether training takes one expert as well, with the soft weights' gradient. Default false: a mixture. */
  hard?: boolean;
}

/**
 * Gumbel-softmax gate (Jang et al., ICLR'17, eq. 2; Maddison et al., ICLR'17): in training
 * W_u = softmax((s + g) / temperature) with g = −log(−log u), drawn anew at each step; otherwise 1 for the expert with the
 * largest score, 0 for the others. s = x W + b, or learned scores where it reads `nothing` (learning to branch).
 *
 * @returns [units, batch or 1, experts]; sums to 1
 * @throws PolytaskError when an option is unknown or unfit; when the model is built, if a unit sees no expert
 * @example gumbelGate({ reads: 'nothing', temperature: 5, decay: 0.999, coldest: 0.5 })
 */
export const gumbelGate = defineGate<GumbelGateConfig>(
  'gumbel',
  (builder, config) => {
    const { reads = 'unit', hard = false } = config;
    needSight(builder, 'gumbel');
    const scores = expertScores(builder, { ...config, start: normal(0.01) });
    const hide = hideUnseen(builder);
    const temperature = annealed(builder, config);
    const random = builder.random('gumbel');
    return {
      reads,
      apply(x, call) {
        const logits = hide(scores(x, call)); // [units, batch or 1, experts]
        if (!call.training) return detached(logits, (s) => largest(s, 1));
        const noise = randomTensor(random, logits.shape, (stream, size) => stream.uniform(size).map(gumbel));
        const soft = tf.softmax(tf.div(tf.add(logits, noise), temperature(call)));
        return hard
          ? straightThrough(
              detached(soft, (p) => largest(p, 1)),
              soft,
            )
          : soft;
      },
    };
  },
  {
    description: 'one expert, drawn by Gumbel-softmax in training',
    paper: 'Jang et al., ICLR 2017, eq. 2',
    package: '@polytask/gating',
    options: { ...scoreOptions, ...annealedOptions, hard: optional(flag) },
  },
);

const gumbel = (u: number): number => -Math.log(-Math.log(Math.min(Math.max(u, 1e-7), 1 - 1e-7)));

import * as tf from '@tensorflow/tfjs-core';
import { checks, defineGate, fail, type GateOptions } from '@polytask/core';
import { entmax } from './entmax.ts';
import { expertScores, hideUnseen, needSight, scoreOptions, type ScoresOptions } from './scores.ts';

const { number, optional } = checks;

/** Options of {@link entmaxGate}. */
export interface EntmaxGateOptions extends GateOptions, ScoresOptions {
  /** 2 is sparsemax; 1.5 lies between sparsemax and softmax. Default 1.5. */
  alpha?: 1.5 | 2;
  /** The divisor of the scores. Default 1. */
  temperature?: number;
}

/**
 * Sparse gate: W_u = entmax_α((x W + b) / temperature) over the experts that the unit sees (sparsemax: Martins & Astudillo,
 * ICML'16; 1.5-entmax: Peters et al., ACL'19). The weights sum to 1, as with a softmax, but many are exactly 0.
 *
 * @returns weights [units, batch or 1, experts]
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example entmaxGate({ alpha: 2 })
 */
export const entmaxGate = defineGate<EntmaxGateOptions>(
  'entmax',
  (builder, config) => {
    const { reads = 'unit', alpha = 1.5, temperature = 1 } = config;
    needSight(builder, 'entmax');
    const scores = expertScores(builder, config);
    const hide = hideUnseen(builder);
    return { reads, apply: (x, call) => entmax(hide(tf.div(scores(x, call), temperature)), alpha) };
  },
  {
    description: 'sparsemax or 1.5-entmax: sums to 1, with exact zeros',
    paper: 'Martins & Astudillo, ICML 2016; Peters et al., ACL 2019',
    package: '@polytask/gating',
    variants: { entmax: { config: (reads) => ({ reads }) } },
    options: {
      ...scoreOptions,
      alpha: optional((value, where) => {
        if (value === 1.5 || value === 2) return;
        fail({
          expected: `1.5 or 2 for ${where}`,
          received: String(value),
          fix: '2 is sparsemax, 1.5 lies between it and softmaxGate, which is 1.',
        });
      }),
      temperature: optional(number('a temperature above 0', (value) => value > 0)),
    },
  },
);

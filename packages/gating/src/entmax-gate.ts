import * as tf from '@tensorflow/tfjs-core';
import { oneOf, optional, positive, type Written } from '@polytask/components';
import { defineGate, type GateOptions, type GateSpec } from '@polytask/core';
import { entmax } from './entmax.ts';
import { expertScores, hideUnseen, needSight, scoreOptions } from './scores.ts';

const options = {
  ...scoreOptions,
  /** 2 is sparsemax; 1.5 lies between sparsemax and softmax. */
  alpha: optional(oneOf(1.5, 2), 1.5),
  /** The divisor of the scores. */
  temperature: optional(positive, 1),
};

/** Options of {@link entmaxGate}. */
export interface EntmaxGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Sparse gate: W_u = entmax_α((x W + b) / temperature) over the experts that the unit sees (sparsemax: Martins & Astudillo,
 * ICML'16; 1.5-entmax: Peters et al., ACL'19). The weights sum to 1, as with a softmax, but many are exactly 0.
 *
 * @returns weights [units, batch or 1, experts]
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example entmaxGate({ alpha: 2 })
 */
export const entmaxGate: (config?: EntmaxGateOptions) => GateSpec = defineGate(
  'entmax',
  (builder, config) => {
    const { reads, alpha, temperature } = config;
    needSight(builder, 'entmax');
    const scores = expertScores(builder, config);
    const hide = hideUnseen(builder);
    return { reads, apply: (x, call) => entmax(hide(tf.div(scores(x, call), temperature)), alpha) };
  },
  {
    traits: { normalized: true },
    description: 'sparsemax or 1.5-entmax: sums to 1, with exact zeros',
    paper: 'Martins & Astudillo, ICML 2016; Peters et al., ACL 2019',
    package: '@polytask/gating',
    variants: { entmax: { config: (reads) => ({ reads }) } },
    options,
  },
);

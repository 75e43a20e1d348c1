import * as tf from '@tensorflow/tfjs';
import { checks, defineGate, dense, linear, normal, type GateConfig, type Layer } from '@polytask/core';
import { hideUnseen, needSight } from './scores.ts';

const { oneOf, optional, wholeNumber } = checks;

export interface AttentionGateConfig extends GateConfig {
  /** Width of queries and keys. Default: that of an expert's output. */
  units?: number;
  /**
   * What asks: the unit's own vector (`unit`, the default), the network's input (`raw`), a learned vector a unit
   * (`learned`), or each expert's output itself (`expert`, AITM).
   */
  query?: 'unit' | 'raw' | 'learned' | 'expert';
}

/**
 * Attention gate: W_u,e = softmax_e(<q_u, E_e K_u> / √units) over the experts that the unit sees, where E_e is what the
 * expert gives for this row (scaled dot-product attention, Vaswani et al., NeurIPS'17, eq. 1). With `query: 'expert'` it is
 * the information transfer of AITM (Xi et al., KDD'21): q_e = E_e Q_u.
 *
 * @returns [units, batch, experts]; sums to 1
 * @throws PolytaskError when an option is unknown or unfit; when the model is built, if a unit sees no expert
 * @example attentionGate({ query: 'learned', units: 16 })
 */
export const attentionGate = defineGate<AttentionGateConfig>(
  'attention',
  (builder, { query = 'unit', ...config }) => {
    const { expertDim, members = [] } = builder;
    const units = config.units ?? expertDim;
    needSight(builder, 'attention');
    const keys = builder.weight('key', [expertDim, units]);
    const hide = hideUnseen(builder);
    const reads = query === 'unit' || query === 'raw' ? query : 'nothing';
    const ask: Layer | undefined =
      reads === 'nothing'
        ? undefined
        : dense(builder.child('query'), { inputDim: reads === 'unit' ? builder.unitDim : builder.rawDim, units });
    const learned = query === 'learned' ? builder.bias('query', units, normal(1)) : undefined;
    const questions = query === 'expert' ? builder.weight('query', [expertDim, units]) : undefined;

    return {
      reads,
      attends: true,
      apply(x, call, outputs) {
        const [experts, batch] = outputs!.shape;
        const rows = tf.reshape(outputs!, [experts * batch, expertDim]) as tf.Tensor2D;
        const of = (kernel: tf.Tensor) => tf.reshape(linear(rows, kernel), [members.length, experts, batch, units]);
        const asked = questions ? of(questions) : tf.expandDims(learned ?? ask!(x, call), 1); // [units, experts or 1, batch or 1, d]
        const scores = tf.div(tf.sum(tf.mul(asked, of(keys)), 3), Math.sqrt(units)); // [units, experts, batch]
        return tf.softmax(hide(tf.transpose(scores, [0, 2, 1])));
      },
    };
  },
  {
    description: "a query of the task against keys of the experts' outputs",
    paper: 'Vaswani et al., NeurIPS 2017, eq. 1',
    package: '@polytask/gating',
    options: { units: optional(wholeNumber(1)), query: optional(oneOf('unit', 'raw', 'learned', 'expert')) },
  },
);

import * as tf from '@tensorflow/tfjs-core';
import { oneOf, optional, wholeNumber, type Written } from '@polytask/components';
import { defineGate, dense, linear, normal, type GateOptions, type GateSpec, type Layer } from '@polytask/core';
import { hideUnseen } from './scores.ts';

const options = {
  /** Width of queries and keys. Without it, the width of an expert's output. */
  units: optional(wholeNumber(1)),
  /**
   * The source of the queries: the unit's own vector (`unit`), the network's input (`raw`), a learned vector per unit
   * (`learned`), or the output of each expert (`expert`, AITM).
   */
  query: optional(oneOf('unit', 'raw', 'learned', 'expert'), 'unit'),
};

export interface AttentionGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Attention gate: W_u,e = softmax_e(<q_u, E_e K_u> / √units) over the experts that the unit sees. E_e is the expert's output
 * for the row (scaled dot-product attention, Vaswani et al., NeurIPS'17, eq. 1). With `query: 'expert'`, q_e = E_e Q_u: the
 * information transfer of AITM (Xi et al., KDD'21).
 *
 * @returns weights [units, batch, experts], which sum to 1 for each unit and row
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example attentionGate({ query: 'learned', units: 16 })
 */
export const attentionGate: (config?: AttentionGateOptions) => GateSpec = defineGate(
  'attention',
  (builder, { query, units = builder.expertDim }) => {
    const { expertDim, members = [] } = builder;
    const keys = builder.weight('key', [expertDim, units]);
    const hide = hideUnseen(builder, 'attention');
    const reads = query === 'unit' || query === 'raw' ? query : 'nothing';
    const queryOf: Layer | undefined =
      reads === 'nothing'
        ? undefined
        : dense(builder.child('query'), { inputDim: reads === 'unit' ? builder.unitDim : builder.rawDim, units });
    const learned = query === 'learned' ? builder.bias('query', units, normal(1)) : undefined;
    const queryKernel = query === 'expert' ? builder.weight('query', [expertDim, units]) : undefined;

    return {
      reads,
      attends: true,
      apply(x, call, outputs) {
        const [experts, batch] = outputs!.shape;
        const rows = tf.reshape(outputs!, [experts * batch, expertDim]) as tf.Tensor2D;
        const project = (kernel: tf.Tensor) =>
          tf.reshape(linear(rows, kernel), [members.length, experts, batch, units]);
        // [units, experts or 1, batch or 1, d]
        const queries = queryKernel ? project(queryKernel) : tf.expandDims(learned ?? queryOf!(x, call), 1);
        const scores = tf.div(tf.sum(tf.mul(queries, project(keys)), 3), Math.sqrt(units)); // [units, experts, batch]
        return tf.softmax(hide(tf.transpose(scores, [0, 2, 1])));
      },
    };
  },
  {
    traits: { normalized: true },
    description: "a query of the task against keys of the experts' outputs",
    paper: 'Vaswani et al., NeurIPS 2017, eq. 1',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ query: reads }) },
    options,
  },
);

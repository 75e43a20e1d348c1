import * as tf from '@tensorflow/tfjs-core';
import { flag, listOf, optional, positive, text, type Written, sum } from '@polytask/components';
import { defineGate, dense, fail, stopGradient, type GateOptions, type GateSpec } from '@polytask/core';
import { CLOSED, featureColumns, hiddenLayers, layerOptions, vectorOptions } from './scores.ts';

const options = {
  ...vectorOptions,
  ...layerOptions,
  /** Names of the features to read. Without them, it reads the whole vector. With `unit`, they need `context`. */
  features: optional(listOf(text, 1)),
  /** With `features`: whether the gate also reads the whole vector, without a gradient to it (PEPNet). */
  context: optional(flag, false),
  /** The largest weight. PEPNet uses 2, so that weights start near 1. */
  scale: optional(positive, 1),
  /** True: no gradient flows from the gate to its input. */
  detach: optional(flag, false),
};

export interface MaskGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Mask gate: a weight for each feature of an expert's output, W_u,e = scale · σ(h(x) W + b) where the unit sees the expert.
 * h are hidden layers. These are the attention masks of MTAN (Liu et al., CVPR'19, eq. 1 and 2). With scale 2, one hidden
 * layer and `detach`, this is the Gate NU of PEPNet (Chang et al., KDD'23).
 *
 * @returns weights [units, batch, experts, features] in [0, scale]
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a feature isn't in the input
 * @example maskGate({ reads: 'raw', features: ['user', 'author'], hidden: [32], scale: 2, detach: true })
 */
export const maskGate: (config?: MaskGateOptions) => GateSpec = defineGate(
  'mask',
  (builder, config) => {
    const { reads, features, scale, detach, context } = config;
    const { experts, expertDim, members = [] } = builder;
    if (features && reads === 'unit' && !context) {
      fail({
        expected: "a mask gate that takes features to read the network's input",
        received: "reads: 'unit'",
        fix: "Pass reads: 'raw' with features, or context: true to read the unit's vector, too.",
      });
    }
    const columns = features?.map((name) => featureColumns(builder, name, 'mask'));
    const whole = reads === 'unit' ? builder.unitDim : builder.rawDim;
    const inputDim = columns ? sum(columns, ({ width }) => width) + (context ? whole : 0) : whole;
    const { hidden, width } = hiddenLayers(builder, { ...config, inputDim });
    const scores = dense(builder.overExperts, { inputDim: width, units: expertDim * experts, biasAxes: CLOSED }); // experts vary fastest
    const mask = builder.constant(builder.visible.flat().map(Number), [members.length, 1, experts, 1]);

    return {
      reads,
      apply(x, call) {
        const seen = (each: tf.Tensor) => (detach ? stopGradient(each) : each);
        const raw = columns && seen(call.raw);
        const named = columns?.map(({ from, width }) => tf.slice(raw!, [0, from], [-1, width]));
        const parts = named ?? [seen(x)];
        const read = named && context ? besideRows(parts, stopGradient(x)) : tf.concat(parts, -1);
        const logits = scores(hidden(read, call), call); // [units, batch, features × experts]
        const byExpert = tf.reshape(logits, [members.length, logits.shape[1]!, expertDim, experts]);
        return tf.mul(tf.mul(tf.sigmoid(tf.transpose(byExpert, [0, 1, 3, 2])), scale), mask);
      },
    };
  },
  {
    traits: ({ detach }: { detach: boolean }) => ({ estimated: detach }),
    description: "a sigmoid for each feature of each expert's output",
    paper: 'Liu et al., CVPR 2019, eq. 1',
    package: '@polytask/gating',
    options,
  },
);

/** The columns of features, [batch, …] each, beside a vector [batch, width], or [units, batch, width]. */
function besideRows(parts: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor {
  if (x.rank === 2) return tf.concat([...parts, x], 1);
  return tf.concat([...parts.map((part) => tf.tile(tf.expandDims(part, 0), [x.shape[0]!, 1, 1])), x], -1);
}

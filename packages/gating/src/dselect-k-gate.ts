import * as tf from '@tensorflow/tfjs-core';
import { notNegative, oneOf, optional, positive, wholeNumber, type Written } from '@polytask/components';
import {
  defineGate,
  dense,
  uniform,
  type GateBuilder,
  type GateOptions,
  type GateSpec,
  type Layer,
} from '@polytask/core';
import { needSight } from './scores.ts';

const options = {
  /** `nothing`: one choice for all rows, as in the paper's static gates. Otherwise one choice per row. */
  reads: optional(oneOf('unit', 'raw', 'nothing'), 'nothing'),
  /** The most experts that a unit uses. */
  k: optional(wholeNumber(1), 2),
  /** Width of the smooth step. */
  gamma: optional(positive, 1),
  /** Weight of the entropy of the selectors. A weight above 0 makes them decide sooner. */
  entropy: optional(notNegative, 0),
};

export interface DselectKGateOptions extends Written<typeof options>, GateOptions {}

/**
 * DSelect-k gate (Hazimeh et al., NeurIPS'21). Each of k selectors chooses one expert by a binary code:
 * r(S(z))_c = Π_b S(z_b)^{c_b} (1 − S(z_b))^{1 − c_b}, W_u = Σ_i softmax(α)_i r(S(z_i)). S is the smooth step, a cubic that
 * is exactly 0 below −gamma/2 and exactly 1 above gamma/2. W is smooth, and has at most k experts once all bits are 0 or 1. Codes that are
 * left over belong to the first experts again, so W sums to 1; the paper penalizes them. `entropy` adds the mean entropy of the selectors as
 * the loss `entropy`.
 *
 * @returns weights [units, batch or 1, experts], which sum to 1 for each unit and row
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a unit sees no expert
 * @example dselectKGate({ k: 2, entropy: 1e-3 })
 */
export const dselectKGate: (config?: DselectKGateOptions) => GateSpec = defineGate(
  'dselect-k',
  (builder, { reads, k, gamma, entropy }) => {
    needSight(builder, 'dselect-k');
    const visibleCounts = builder.visible.map((row) => row.filter(Boolean).length);
    const bits = Math.ceil(Math.log2(Math.max(...visibleCounts)));
    const codes = builder.constant(expertOfCode(builder, 2 ** bits), [
      visibleCounts.length,
      2 ** bits,
      builder.experts,
    ]);
    const selectors = numbers(builder, { reads, name: 'selectors', size: k * Math.max(1, bits), limit: gamma / 100 });
    const shares = numbers(builder, { reads, name: 'shares', size: k, limit: 0.05 });

    return {
      reads,
      apply(x, call) {
        const z = selectors(x, call);
        const [units, rows] = z.shape as [number, number];
        const s = tf.reshape(smoothStep(z, gamma), [units, rows * k, Math.max(1, bits)]);
        let r: tf.Tensor = tf.add(tf.mul(tf.slice(s, [0, 0, 0], [-1, -1, 1]), 0), 1); // [units, rows × k, codes]
        for (let b = 0; b < bits; b++) {
          const bit = tf.slice(s, [0, 0, b], [-1, -1, 1]);
          r = tf.concat([tf.mul(r, tf.sub(1, bit)), tf.mul(r, bit)], 2);
        }
        if (entropy > 0) {
          const each = tf.sum(tf.mul(r, tf.log(tf.add(r, 1e-6))), -1);
          call.addLoss('entropy', tf.mul(-entropy, tf.mean(each)));
        }
        const choices = tf.reshape(r, [units, rows, k, 2 ** bits]);
        const mixture = tf.sum(tf.mul(choices, tf.expandDims(tf.softmax(shares(x, call)), 3)), 2); // [units, rows, codes]
        return tf.matMul(mixture, codes);
      },
    };
  },
  {
    traits: { normalized: true },
    description: 'at most k experts, chosen by smooth binary codes',
    paper: 'Hazimeh et al., NeurIPS 2021',
    package: '@polytask/gating',
    variant: { config: (reads) => ({ reads }) },
    options,
  },
);

/** The smooth step S(t): 0 below −γ/2, 1 above γ/2, and −2 u³ + 1.5 u + 0.5 with u = t/γ between. */
export function smoothStep(t: tf.Tensor, gamma: number): tf.Tensor {
  const u = tf.clipByValue(tf.div(t, gamma), -0.5, 0.5);
  return tf.add(tf.mul(u, tf.sub(1.5, tf.mul(2, tf.square(u)))), 0.5);
}

/** Learned numbers, [units, batch or 1, size]: an affine map of the gate's input, or the same values for all rows. */
function numbers(
  builder: GateBuilder,
  { reads, name, size, limit }: { reads: 'unit' | 'raw' | 'nothing'; name: string; size: number; limit: number },
): Layer {
  const scope = builder.child(name);
  if (reads !== 'nothing') {
    const inputDim = reads === 'unit' ? builder.unitDim : builder.rawDim;
    return dense(scope, { inputDim, units: size, biasInit: uniform(limit) });
  }
  const values = scope.bias('values', size, uniform(limit));
  return () => values;
}

/** [units][codes][experts], flat: 1 where a code selects an expert. The experts are numbered in the order of their names. */
const expertOfCode = ({ visible, names }: GateBuilder, codes: number): number[] =>
  visible.flatMap((row) => {
    const order = row.flatMap((sees, e) => (sees ? [e] : [])).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
    return Array.from({ length: codes }, (_, c) => row.map((__, e) => Number(order[c % order.length] === e))).flat();
  });

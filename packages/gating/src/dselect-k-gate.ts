import * as tf from '@tensorflow/tfjs';
import { checks, defineGate, dense, uniform, type GateBuilder, type GateConfig, type Layer } from '@polytask/core';
import { needSight } from './scores.ts';

const { number, oneOf, optional, wholeNumber } = checks;

export interface DselectKGateConfig extends GateConfig {
  /** `nothing`: a choice for all rows, the default, as the paper's static gates; or one for each row. */
  reads?: 'unit' | 'raw' | 'nothing';
  /** At most so many experts. Default 2. */
  k?: number;
  /** Width of the smooth step. Default 1. */
  gamma?: number;
  /** Weight of the selectors' entropy: above 0 they decide sooner. Default 0. */
  entropy?: number;
}

/**
 * DSelect-k (Hazimeh et al., NeurIPS'21): k selectors, each a number in binary, choose an expert each:
 * r(S(z))_c = Π_b S(z_b)^{c_b} (1 − S(z_b))^{1 − c_b}, where S is the smooth step, a cubic that reaches 0 and 1 exactly at
 * ∓gamma/2. W_u = Σ_i softmax(α)_i r(S(z_i)): at most k experts once the bits have settled, and smooth on the way there.
 *
 * Where the experts aren't a power of two the codes left over stand for the first experts again, so W sums to 1 always;
 * the paper penalizes those codes. `entropy` adds the mean entropy of the selectors as the loss `entropy`.
 *
 * @returns [units, batch or 1, experts]; sums to 1
 * @throws PolytaskError when an option is unknown or unfit; when the model is built, if a unit sees no expert
 * @example dselectKGate({ k: 2, entropy: 1e-3 })
 */
export const dselectKGate = defineGate<DselectKGateConfig>(
  'dselect-k',
  (builder, config) => {
    const { reads = 'nothing', k = 2, gamma = 1, entropy = 0 } = config;
    needSight(builder, 'dselect-k');
    const seen = builder.visible.map((row) => row.filter(Boolean).length);
    const bits = Math.ceil(Math.log2(Math.max(...seen)));
    const codes = builder.constant(expertOfCode(builder, 2 ** bits), [seen.length, 2 ** bits, builder.experts]);
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
        const chosen = tf.reshape(r, [units, rows, k, 2 ** bits]);
        const mixed = tf.sum(tf.mul(chosen, tf.expandDims(tf.softmax(shares(x, call)), 3)), 2); // [units, rows, codes]
        return tf.matMul(mixed, codes);
      },
    };
  },
  {
    description: 'at most k experts, chosen by smooth binary codes',
    paper: 'Hazimeh et al., NeurIPS 2021',
    package: '@polytask/gating',
    options: {
      reads: optional(oneOf('unit', 'raw', 'nothing')),
      k: optional(wholeNumber(1)),
      gamma: optional(number('a width above 0', (value) => value > 0)),
      entropy: optional(number('a weight of 0 or more', (value) => value >= 0)),
    },
  },
);

/** S(t): 0 below −γ/2, 1 above γ/2, −2 u³ + 1.5 u + 0.5 with u = t/γ between. */
export function smoothStep(t: tf.Tensor, gamma: number): tf.Tensor {
  const u = tf.clipByValue(tf.div(t, gamma), -0.5, 0.5);
  return tf.add(tf.mul(u, tf.sub(1.5, tf.mul(2, tf.square(u)))), 0.5);
}

interface NumbersConfig {
  reads: 'unit' | 'raw' | 'nothing';
  name: string;
  size: number;
  limit: number;
}

/** Learned numbers, [units, batch or 1, size]: affine in what is read, or the same for all rows. */
function numbers(builder: GateBuilder, { reads, name, size, limit }: NumbersConfig): Layer {
  const scope = builder.child(name);
  if (reads !== 'nothing') {
    const inputDim = reads === 'unit' ? builder.unitDim : builder.rawDim;
    return dense(scope, { inputDim, units: size, biasInit: uniform(limit) });
  }
  const values = scope.bias('values', size, uniform(limit));
  return () => values;
}

/** [units][codes][experts], flat: 1 where a code stands for an expert. They are numbered by their names. */
const expertOfCode = ({ visible, names }: GateBuilder, codes: number): number[] =>
  visible.flatMap((row) => {
    const seen = row.flatMap((sees, e) => (sees ? [e] : [])).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
    return Array.from({ length: codes }, (_, c) => row.map((__, e) => Number(seen[c % seen.length] === e))).flat();
  });

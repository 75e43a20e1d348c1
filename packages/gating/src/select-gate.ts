import * as tf from '@tensorflow/tfjs-core';
import { flag, notNegative, number, optional, type Written } from '@polytask/components';
import {
  constant,
  defineGate,
  detached,
  randomTensor,
  straightThrough,
  type GateOptions,
  type GateSpec,
} from '@polytask/core';
import { annealed, annealedOptions } from './gumbel-gate.ts';
import { CLOSED } from './scores.ts';

const options = {
  ...annealedOptions,
  /** True: training also uses weights of 0 or 1, with the gradient of the soft weights. */
  hard: optional(flag, false),
  /** The initial α. By default nearly all experts are selected, as in the paper's warm-up. */
  initialProbability: optional(number({ above: 0, below: 1 }), 0.9),
  /** Weight of the sparsity loss. */
  sparsity: optional(notNegative, 0),
  /** Weight of the sharing loss. */
  sharing: optional(notNegative, 0),
};

export interface SelectGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Select-or-skip gate (AdaShare, Sun et al., NeurIPS'20). Unit u selects expert e with the learned probability
 * α_u,e = σ(s_u,e). In training W_u,e is the relaxed choice σ((s + log v − log(1 − v)) / temperature), a Gumbel-softmax over
 * two options. Otherwise W_u,e is 1 where α > ½, and 0 elsewhere.
 *
 * Two losses are added. `sparsity` × mean log α makes units select fewer experts. `sharing` × mean |α_u − α_v|, over pairs
 * of units, makes units select the same experts: the i-th visible expert of one unit is compared with that of the other.
 *
 * @returns weights [units, 1, experts] in [0, 1]
 * @throws PolytaskError when an option is unknown or invalid
 * @example selectGate({ sees: 'own', sparsity: 0.05, sharing: 0.05 })
 */
export const selectGate: (config?: SelectGateOptions) => GateSpec = defineGate(
  'select',
  (builder, config) => {
    const { hard, initialProbability, sparsity, sharing } = config;
    const { mask, visible } = builder;
    const scores = builder.overExperts.bias(
      'scores',
      builder.experts,
      constant(Math.log(initialProbability / (1 - initialProbability))),
      CLOSED,
    );
    const temperature = annealed(builder, config);
    const random = builder.random('select');
    const counterparts = pairs(visible);
    const [ones, others] = [0, 1].map((side) => {
      const ends = counterparts.map((pair) => pair[side]!);
      return builder.constant(ends, [ends.length]);
    });
    return {
      reads: 'nothing',
      apply(_, call) {
        if (sparsity > 0) {
          const logs = tf.mul(tf.neg(tf.softplus(tf.neg(scores))), mask); // log α
          call.addLoss('sparsity', tf.mul(sparsity, tf.div(tf.sum(logs), tf.sum(mask))));
        }
        if (sharing > 0 && counterparts.length > 0) {
          const flat = tf.reshape(tf.sigmoid(scores), [-1]);
          const [a, b] = [ones!, others!].map((at) =>
            tf.matMul(tf.cast(tf.oneHot(tf.cast(at, 'int32'), flat.size), 'float32'), tf.reshape(flat, [-1, 1])),
          );
          const difference = tf.sub(a!, b!);
          // |difference|: the gradient of tf.abs is −1 at 0, where all differences start; below EVEN they are rounding
          const size = tf.add(tf.relu(tf.sub(difference, EVEN)), tf.relu(tf.sub(tf.neg(difference), EVEN)));
          call.addLoss('sharing', tf.mul(sharing, tf.mean(size)));
        }
        if (!call.training) {
          const selected = detached(scores, (s) => tf.cast(tf.greater(s, 0), 'float32'));
          return tf.mul(selected, mask);
        }
        const noise = randomTensor(random, scores.shape, (stream, size) => stream.uniform(size).map(logistic));
        const soft = tf.sigmoid(tf.div(tf.add(scores, noise), temperature(call)));
        if (!hard) return tf.mul(soft, mask);
        const rounded = detached(soft, (p) => tf.round(p));
        return tf.mul(straightThrough(rounded, soft), mask);
      },
    };
  },
  {
    traits: { fixedStart: true },
    description: 'each expert taken or skipped, drawn in training',
    paper: 'Sun et al., NeurIPS 2020',
    package: '@polytask/gating',
    variant: { config: () => ({}) },
    options,
  },
);

/** Units whose chances differ by less are even. Adam moves equal scores alike, and the sign of a rounding is no direction. */
const EVEN = 1e-6;

/** Converts a uniform number to a sample of the logistic distribution, the difference of two Gumbel samples. */
export const logistic = (u: number): number => {
  const v = Math.min(Math.max(u, 1e-7), 1 - 1e-7);
  return Math.log(v / (1 - v));
};

/** For each two units, pairs of flat indices into W: the i-th expert that the one sees, and the i-th of the other. */
function pairs(visible: readonly (readonly boolean[])[]): [number, number][] {
  const indices = visible.map((row, u) => row.flatMap((sees, e) => (sees ? [u * row.length + e] : [])));
  return indices.flatMap((a, u) =>
    indices.slice(u + 1).flatMap((b) => a.slice(0, b.length).map((place, i): [number, number] => [place, b[i]!])),
  );
}

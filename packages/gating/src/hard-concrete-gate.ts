import * as tf from '@tensorflow/tfjs-core';
import { notNegative, number, optional, positive, type Written } from '@polytask/components';
import { defineGate, randomTensor, type GateOptions, type GateSpec, type Initializer } from '@polytask/core';
import { CLOSED } from './scores.ts';
import { logistic } from './select-gate.ts';

const options = {
  /** Weight of the loss `l0`, the expected share of open connections. */
  l0: optional(notNegative, 0),
  /** The initial probability that a connection is open. */
  initialProbability: optional(number({ above: 0, below: 1 }), 0.5),
  /** The temperature of the relaxed choice. */
  temperature: optional(positive, 2 / 3),
  /** The lower end of the interval to which a weight is stretched before it is clipped to [0, 1]. */
  low: optional(number({ below: 0 }), -0.1),
  /** The upper end of this interval. */
  high: optional(number({ above: 1 }), 1.1),
};

export interface HardConcreteGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Hard-concrete gate (Louizos et al., ICLR'18, eq. 10 to 13; SNR, Ma et al., AAAI'19). W = min(1, max(0, s (high − low) + low)).
 * In training, s = σ((log v − log(1 − v) + log α) / temperature) with a uniform random number v. Otherwise, s = σ(log α). W
 * is exactly 0 for closed connections. The gate adds the loss `l0`: `l0` times the mean probability to be open,
 * σ(log α − temperature · log(−low / high)).
 *
 * @returns weights [units, 1, experts] in [0, 1]
 * @throws PolytaskError when an option is unknown or invalid
 * @example hardConcreteGate({ sees: 'all', l0: 0.01 })
 */
export const hardConcreteGate: (config?: HardConcreteGateOptions) => GateSpec = defineGate(
  'hard-concrete',
  (builder, { l0, initialProbability, temperature, low, high }) => {
    const { experts, mask } = builder;
    const start: Initializer = (_, random) =>
      random.normal(experts, Math.log(initialProbability / (1 - initialProbability)), 0.01);
    const alphas = builder.overExperts.bias('log_alpha', experts, start, CLOSED);
    const random = builder.random('hard-concrete');
    const stretched = (s: tf.Tensor) => tf.clipByValue(tf.add(tf.mul(s, high - low), low), 0, 1);
    return {
      reads: 'nothing',
      apply(_, { training, addLoss }) {
        if (l0 > 0) {
          const open = tf.sigmoid(tf.sub(alphas, temperature * Math.log(-low / high)));
          addLoss('l0', tf.mul(l0, tf.div(tf.sum(tf.mul(open, mask)), tf.sum(mask))));
        }
        if (!training) return tf.mul(stretched(tf.sigmoid(alphas)), mask);
        const noise = randomTensor(random, alphas.shape, (stream, size) => stream.uniform(size).map(logistic));
        return tf.mul(stretched(tf.sigmoid(tf.div(tf.add(noise, alphas), temperature))), mask);
      },
    };
  },
  {
    description: 'weights in [0, 1] that training can close for good',
    paper: 'Louizos et al., ICLR 2018, eq. 10',
    package: '@polytask/gating',
    variant: { config: () => ({}) },
    options,
  },
);

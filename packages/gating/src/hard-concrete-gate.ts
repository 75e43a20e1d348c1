import * as tf from '@tensorflow/tfjs-core';
import { checks, defineGate, randomTensor, type GateOptions, type Initializer } from '@polytask/core';
import { CLOSED } from './scores.ts';
import { logistic } from './select-gate.ts';

const { number, optional } = checks;

/** Options of {@link hardConcreteGate}. */
export interface HardConcreteGateOptions extends GateOptions {
  /** Weight of the loss `l0`, the expected share of open connections. Default 0. */
  l0?: number;
  /** The initial probability that a connection is open. Default 0.5. */
  initialProbability?: number;
  /** The temperature of the relaxed choice. Default 2/3. */
  temperature?: number;
  /** The lower end of the interval to which a weight is stretched before it is clipped to [0, 1]. Default −0.1. */
  low?: number;
  /** The upper end of this interval. Default 1.1. */
  high?: number;
}

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
export const hardConcreteGate = defineGate<HardConcreteGateOptions>(
  'hard-concrete',
  (builder, config) => {
    const { l0 = 0, initialProbability = 0.5, temperature = 2 / 3, low = -0.1, high = 1.1 } = config;
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
    variants: { 'hard-concrete': { config: () => ({}) } },
    options: {
      l0: optional(number('a weight of 0 or more', (value) => value >= 0)),
      initialProbability: optional(number('a chance in (0, 1)', (value) => value > 0 && value < 1)),
      temperature: optional(number('a temperature above 0', (value) => value > 0)),
      low: optional(number('a number below 0', (value) => value < 0)),
      high: optional(number('a number above 1', (value) => value > 1)),
    },
  },
);

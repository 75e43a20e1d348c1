import * as tf from '@tensorflow/tfjs';
import {
  activation,
  checks,
  defineGate,
  dense,
  fail,
  type Activation,
  type GateBuilder,
  type GateConfig,
  type Layer,
} from '@polytask/core';

const { activationName, flag, listOf, number, oneOf, optional, wholeNumber } = checks;

export interface SoftmaxGateConfig extends GateConfig {
  /** The unit's own vector (PLE, AdaTT), or the network's input (MMoE). Default `unit`. */
  reads?: 'unit' | 'raw';
  /** Widths of hidden layers before the scores. Default none: the gate is linear. */
  hidden?: readonly number[];
  /** After each hidden layer. Default `relu`. */
  activation?: Activation;
  /** Whether the scores have a bias. Default true, as in the authors' AdaTT library; MMoE and PLE write none. */
  bias?: boolean;
  /** Scores are divided by it: above 1 weights are more even, below 1 more decided. Default 1. */
  temperature?: number;
}

/**
 * Softmax gate: W_u = softmax((x W + b) / temperature) over the experts that the unit sees, exactly 0 elsewhere
 * (MMoE, eq. 8; PLE, section 4.1; AdaTT, eq. 5). x is the unit's vector or the network's input.
 *
 * @returns [units, batch, experts]; each unit's weights are positive and sum to 1
 * @throws PolytaskError when an option is unknown or unfit; when the model is built, if a unit sees no expert
 * @example softmaxGate({ sees: 'own+shared', temperature: 2 })
 */
export const softmaxGate = defineGate<SoftmaxGateConfig>(
  'softmax',
  (builder, config) => {
    const { reads = 'unit', hidden = [], bias = true, temperature = 1 } = config;
    const { visible, experts } = builder;
    needSight(builder);
    const act = activation(config.activation ?? 'relu');
    let inputDim = reads === 'unit' ? builder.unitDim : builder.rawDim;
    const layers = hidden.flatMap((units, i): Layer[] => {
      const layer = dense(builder.child(`hidden${i}`), { inputDim, units });
      inputDim = units;
      return [layer, act];
    });
    const scores = dense(builder.overExperts, { inputDim, units: experts, bias });
    const seesAll = visible.flat().every(Boolean);
    const unseen = seesAll ? undefined : builder.constant(hide(visible), [visible.length, 1, experts]);

    return {
      reads,
      apply(x, call) {
        const logits = scores(layers.reduce((h, layer) => layer(h, call), x), call); // [units, batch, experts]
        const scaled = temperature === 1 ? logits : tf.div(logits, temperature);
        return tf.softmax(unseen ? tf.add(scaled, unseen) : scaled);
      },
    };
  },
  {
    options: {
      reads: optional(oneOf('unit', 'raw')),
      hidden: optional(listOf(wholeNumber(1))),
      activation: optional(activationName),
      bias: optional(flag),
      temperature: optional(number('a temperature above 0', (value) => value > 0)),
    },
  },
);

/** Far below any score, so that the softmax is exactly 0 there and nothing flows back. */
const hide = (visible: GateBuilder['visible']) => visible.flat().map((seen) => (seen ? 0 : -1e9));

function needSight({ visible, members }: GateBuilder): void {
  const blind = visible.findIndex((row) => !row.includes(true));
  if (blind < 0) return;
  fail({
    expected: 'each unit of a softmax gate to see an expert',
    received: `none for "${members?.[blind] ?? blind}"`,
    mend: 'Give it native experts, or shared ones, or let it see all.',
  });
}

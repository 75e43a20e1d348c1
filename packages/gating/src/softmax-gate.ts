import * as tf from '@tensorflow/tfjs';
import { activation, defineGate, dense, fail, type Activation, type GateConfig, type Layer } from '@polytask/core';

export interface SoftmaxGateConfig extends GateConfig {
  /** The unit's own vector (PLE, AdaTT), or the network's input (MMoE). Default `unit`. */
  reads?: 'unit' | 'raw';
  /** Widths of hidden layers before the scores. Default none: the gate is linear. */
  hidden?: readonly number[];
  /** After each hidden layer. Default `relu`. */
  activation?: Activation;
  /** Scores are divided by it: above 1 weights are more even, below 1 more decided. Default 1. */
  temperature?: number;
}

/**
 * Softmax gate: W_u = softmax((x W + b) / temperature) over the experts that the unit sees, exactly 0 elsewhere
 * (MMoE, eq. 6; PLE, eq. 3; AdaTT, eq. 5). x is the unit's vector or the network's input.
 *
 * @returns [units, batch, experts]
 * @example softmaxGate({ sees: 'own+shared', temperature: 2 })
 */
export const softmaxGate = defineGate<SoftmaxGateConfig>('softmax', (builder, config) => {
  const { reads = 'unit', hidden = [], temperature = 1 } = config;
  if (!(temperature > 0)) {
    fail({ expected: 'a temperature above 0', received: String(temperature), mend: 'Pass 1 for a plain softmax.' });
  }
  const blind = builder.visible.findIndex((row) => !row.includes(true));
  if (blind >= 0) {
    fail({
      expected: 'each unit of a softmax gate to see an expert',
      received: `none for "${builder.members?.[blind] ?? blind}"`,
      mend: 'Give it native experts, or shared ones, or let it see all.',
    });
  }
  const act = activation(config.activation ?? 'relu');
  let inputDim = reads === 'unit' ? builder.unitDim : builder.rawDim;
  const layers = hidden.flatMap((units, i): Layer[] => {
    const layer = dense(builder.child(`hidden${i}`), { inputDim, units });
    inputDim = units;
    return [layer, act];
  });
  const scores = dense(builder.overExperts, { inputDim, units: builder.experts });
  const unseen = builder.visible.flat().every(Boolean) ? undefined : builder.constant(hide(builder.visible), maskShape(builder));

  return {
    reads,
    apply(x, call) {
      const input = reads === 'unit' ? x : call.raw;
      const logits = scores(layers.reduce((h, layer) => layer(h, call), input), call);
      const scaled = temperature === 1 ? logits : tf.div(logits, temperature);
      return tf.softmax(unseen ? tf.add(scaled, unseen) : scaled);
    },
  };
});

const maskShape = (builder: { visible: readonly unknown[]; experts: number }) => [builder.visible.length, 1, builder.experts];

/** Far below any score, so that the softmax is exactly 0 there and nothing flows back. */
const hide = (visible: readonly (readonly boolean[])[]) => visible.flat().map((seen) => (seen ? 0 : -1e9));

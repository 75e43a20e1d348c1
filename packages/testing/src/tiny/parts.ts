import {
  defineExpert,
  defineGate,
  defineNetwork,
  dense,
  fusion,
  ownUnits,
  SHARED,
  sharedUnit,
  type ExpertSpec,
  type GateSpec,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

/** tanh(x W + b) of width 4: the expert around which a gate is tested. */
export const tinyExpert = defineExpert('testing.expert', (builder) => ({
  outputDim: 4,
  apply: dense(builder, { inputDim: builder.inputDim, units: 4, activation: 'tanh' }),
}));

/** An even mix of what a unit sees: the gate around which an expert is tested. */
export const tinyGate = defineGate('testing.even', ({ mask }) => ({
  reads: 'nothing',
  apply: () => tf.div(mask, tf.sum(mask, -1, true)),
}));

interface TinyNetworkConfig {
  readonly experts: ExpertSpec;
  readonly gate: GateSpec;
  readonly levels: number;
}

const define = defineNetwork<TinyNetworkConfig>('testing.network', ({ experts, gate, levels }, tasks) =>
  fusion(
    Array.from({ length: levels }, (_, l) => ({
      units: [...ownUnits(tasks, 2), ...sharedUnit(1)],
      experts,
      outputs: l === levels - 1 ? tasks : [...tasks, SHARED],
      gate,
    })),
  ),
);

/** Levels of two experts a task and a shared one: the network around which an expert or a gate is tested. */
export const tinyNetwork = ({
  experts = tinyExpert(),
  gate = tinyGate(),
  levels = 1,
}: Partial<TinyNetworkConfig> = {}) => define({ experts, gate, levels });

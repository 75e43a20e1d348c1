import {
  checkOptions,
  checks,
  type NetworkSpec,
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
import * as tf from '@tensorflow/tfjs-core';

/**
 * The expert with which gates are tested: tanh(x W + b). [batch, inputDim] → [batch, 4].
 *
 * @example tinyModel(tinyNetwork({ experts: tinyExpert() }));
 */
export const tinyExpert = defineExpert('testing.expert', (builder) => ({
  outputDim: 4,
  apply: dense(builder, { inputDim: builder.inputDim, units: 4, activation: 'tanh' }),
}));

/**
 * The gate with which experts are tested. All experts that a unit sees have the same weight.
 *
 * @example tinyLevel(tinyGate());
 */
export const tinyGate = defineGate('testing.even', ({ mask }) => ({
  reads: 'nothing',
  apply: () => tf.div(mask, tf.sum(mask, -1, true)),
}));

interface TinyNetworkOptions {
  readonly experts: ExpertSpec;
  readonly gate: GateSpec;
  readonly levels: number;
}

const define = defineNetwork<TinyNetworkOptions>('testing.network', ({ experts, gate, levels }, tasks) =>
  fusion(
    Array.from({ length: levels }, (_, l) => ({
      units: [...ownUnits(tasks, 2), ...sharedUnit(1)],
      experts,
      outputs: l === levels - 1 ? tasks : [...tasks, SHARED],
      gate,
    })),
  ),
);

/**
 * The network with which experts and gates are tested. Each level has two experts for each task and a shared expert.
 *
 * @example tinyModel(tinyNetwork({ gate: softmaxGate(), levels: 2 }));
 */
export function tinyNetwork(options: Partial<TinyNetworkOptions> = {}): NetworkSpec {
  checkOptions(options, { experts: checks.anything, gate: checks.anything, levels: checks.anything }, 'tinyNetwork');
  const { experts = tinyExpert(), gate = tinyGate(), levels = 1 } = options;
  return define({ experts, gate, levels });
}

import {
  checks,
  type FromDescription,
  type NetworkSpec,
  defineExpert,
  defineGate,
  defineNetwork,
  dense,
  fusion,
  ownUnits,
  SHARED,
  sharedUnit,
  type Written,
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

const { component, optional, wholeNumber } = checks;

const options = {
  experts: optional(component('expert'), tinyExpert()),
  gate: optional(component('gate'), tinyGate()),
  levels: optional(wholeNumber(), 1),
  penalty: optional(component('penalty')),
};

interface TinyNetworkOptions extends Written<typeof options>, FromDescription {}

/**
 * The network with which experts, gates and penalties are tested. Each level has two experts for each task and, without a
 * penalty, a shared expert.
 *
 * @example tinyModel(tinyNetwork({ gate: softmaxGate(), levels: 2 }));
 */
export const tinyNetwork: (options?: TinyNetworkOptions) => NetworkSpec = defineNetwork(
  'testing.network',
  ({ experts, gate, levels, penalty }, tasks) =>
    fusion(
      Array.from({ length: levels }, (_, l) => ({
        units: [...ownUnits(tasks, 2), ...(penalty ? [] : sharedUnit(1))],
        experts,
        outputs: l === levels - 1 || penalty ? tasks : [...tasks, SHARED],
        gate,
        ...(penalty && { penalties: [penalty] }),
      })),
    ),
  { options },
);

import {
  checks,
  type ExpertSpec,
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

const { component, optional, wholeNumber } = checks;

/** The expert with which gates are tested: tanh(x W + b). [batch, inputDim] → [batch, units], 4 by default. */
export const tinyExpert: (options?: { readonly units?: number }) => ExpertSpec = defineExpert(
  'testing.expert',
  (builder, { units }) => ({
    outputDim: units,
    apply: dense(builder, { inputDim: builder.inputDim, units, activation: 'tanh' }),
  }),
  { options: { units: optional(wholeNumber(1), 4) } },
);

/** The gate with which experts are tested. All experts that a unit sees have the same weight. */
export const tinyGate = defineGate('testing.even', ({ mask }) => ({
  reads: 'nothing',
  apply: () => tf.div(mask, tf.sum(mask, -1, true)),
}));

const options = {
  experts: optional(component('expert'), tinyExpert()),
  /** The width of a level before, for experts that read so many numbers. 0: none, they read the features. */
  inputDim: optional(wholeNumber(), 0),
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
  ({ experts, inputDim, gate, levels, penalty }, tasks) => {
    const before = inputDim > 0 ? [tinyExpert({ units: inputDim })] : [];
    return fusion(
      [...before, ...Array.from({ length: levels }, () => experts)].map((each, l, all) => ({
        units: [...ownUnits(tasks, 2), ...(penalty ? [] : sharedUnit(1))],
        experts: each,
        outputs: l === all.length - 1 || penalty ? tasks : [...tasks, SHARED],
        gate,
        ...(penalty && { penalties: [penalty] }),
      })),
    );
  },
  { options },
);

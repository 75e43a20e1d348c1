import { component, optional, text, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, SHARED, sharedUnit, type NetworkSpec } from '@polytask/core';
import { partitionedNorm, perContext } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { defineNetwork, oneExpert, sharedLevel } from './levels.ts';

const options = {
  /** An expert. */
  expert: component('expert'),
  /** The number of experts that all scenarios share. */
  shared: optional(wholeNumber(1), 8),
  /** The number of experts per scenario. */
  perScenario: optional(wholeNumber(1), 2),
  /** The name of the context. Default: the schema's only context. */
  context: optional(text),
};

export interface SarNetOptions extends Written<typeof options>, FromDescription {}

/**
 * SAR-Net (Shen et al., CIKM 2021), the layers after its attention. They are a scale and shift of the input for each scenario, then a softmax gate
 * over shared experts and those of the row's scenario. The gate reads the transformed input. Each task has its gate; in the paper, there is
 * one task. Left out: the attention over a user's behaviors in other scenarios, for which `targetAttention` is the input, and the fairness
 * coefficient for manual interventions.
 *
 * @throws PolytaskError when an option is missing, unknown or invalid; when the model is built, if the schema has no such context
 * @example sarNet({ expert: mlp([64]), shared: 4, perScenario: 2, context: 'tab' })
 */
export const sarNet: (config: SarNetOptions) => NetworkSpec = defineNetwork(
  'sar-net',
  ({ expert, shared, perScenario, context }, tasks) => {
    const scenario = { ...oneExpert('scenario', [SHARED]), experts: perScenario };
    return fusion([
      sharedLevel(partitionedNorm({ normalize: false, context })),
      {
        units: [...sharedUnit(shared), { ...scenario, expert: perContext({ expert, context }) }],
        experts: expert,
        outputs: tasks,
        gateReads: Object.fromEntries(tasks.map((task) => [task, [SHARED]])),
        gate: softmaxGate({ sees: 'all' }),
      },
    ]);
  },
  {
    description:
      'a scale and shift of the input for each scenario, then gates over shared experts and those of the scenario',
    paper: 'Shen et al., CIKM 2021',
    variant: {
      useWhen: 'scenarios need experts, and a scale of the features, next to shared experts',
      onlyNamed: true,
      needsContext: true,
      config: ({ widths, experts, expert }) => ({
        expert: expert(widths),
        shared: Math.max(1, experts - 2),
        perScenario: Math.min(2, Math.max(1, experts - 1)),
      }),
    },
    options,
  },
);

import { component, optional, text, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, ownUnits, SHARED, sharedUnit, type NetworkSpec, type Unit } from '@polytask/core';
import { mixture, perContext } from '@polytask/experts';
import { identityGate, softmaxGate } from '@polytask/gating';
import { defineNetwork, oneExpert, sharedLevel } from './levels.ts';

const options = {
  /** A sub-expert of the scenario extraction layer. */
  scenario: component('expert'),
  /** An expert of the task extraction layer. */
  task: component('expert'),
  /** The number of sub-experts, shared and per scenario; 2 or more. */
  count: optional(wholeNumber(2), 2),
  /** The number of experts per task. */
  perTask: optional(wholeNumber(1), 1),
  /** The number of experts that all tasks share. */
  shared: optional(wholeNumber(1), 1),
  /** The name of the context. Default: the schema's only context. */
  context: optional(text),
};

export interface HinetOptions extends Written<typeof options>, FromDescription {}

const SCENARIO = 'scenario';

/**
 * HiNet (Zhou et al., ICDE 2023). The scenario extraction layer gives [G ; S_p ; A_p]. G is a mixture of shared sub-experts, S_p that of the
 * row's scenario. A_p is an attention over the other scenarios' mixtures, by the embedding of the scenario. The task extraction layer is a
 * CGC on these, with gates over the task's and the shared experts.
 *
 * @throws PolytaskError when an option is missing, unknown or invalid; when the model is built, if the schema has no such context
 * @example hinet({ scenario: mlp([64]), task: mlp([32]), context: 'tab' })
 */
export const hinet: (config: HinetOptions) => NetworkSpec = defineNetwork(
  'hinet',
  ({ scenario, task, count, perTask, shared, context }, tasks) => {
    const sei = mixture({ expert: scenario, count });
    const both = [SHARED, SCENARIO];
    const onBoth = (units: readonly Unit[]) => units.map((unit): Unit => ({ ...unit, reads: both }));
    return fusion([
      { ...sharedLevel(sei), keeps: [SCENARIO] },
      {
        units: [oneExpert(SCENARIO)],
        experts: perContext({ expert: sei, others: 'attention', context }),
        outputs: [SCENARIO],
        keeps: [SHARED],
        gate: identityGate({ sees: 'all' }),
      },
      {
        units: onBoth([...ownUnits(tasks, perTask), ...sharedUnit(shared)]),
        experts: task,
        outputs: tasks,
        gateReads: Object.fromEntries(tasks.map((name) => [name, both])),
        gate: softmaxGate({ sees: 'own+shared' }),
      },
    ]);
  },
  {
    description:
      'mixtures of experts: shared, of the scenario, and of other scenarios by attention; then PLE on all three',
    paper: 'Zhou et al., ICDE 2023',
    variant: {
      useWhen: 'some scenarios resemble others, and there are several tasks in each',
      onlyNamed: true,
      needsContext: true,
      config: ({ widths: [first = 1, ...rest], expert }) => ({
        scenario: expert([first]),
        task: expert(rest.length > 0 ? rest : [first]),
      }),
    },
    options,
  },
);

import { component, optional, text, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, ownUnits, SHARED, sharedUnit, sumGate, type NetworkSpec, type Unit } from '@polytask/core';
import { mlp, perContext, sequential, starExpert } from '@polytask/experts';
import { identityGate, sigmoidGate, softmaxGate } from '@polytask/gating';
import { defineNetwork, oneExpert } from './levels.ts';

const options = {
  /** Width of the extraction layer. */
  extraction: wholeNumber(1),
  /** A shared, scenario or task expert. */
  expert: component('expert'),
  /** The tower of each task in each scenario. Without it, the towers of the model. */
  tower: optional(component('expert')),
  /** The number of shared experts. */
  shared: optional(wholeNumber(1), 4),
  /** The name of the context. Default: the schema's only context. */
  context: optional(text),
};

export interface M3oeOptions extends Written<typeof options>, FromDescription {}

const SCENARIO = 'scenario';

/**
 * M3oE (Zhang et al., SIGIR 2024). The extraction layer is a star layer, then a normalized layer, plus a normalized skip. Above are three
 * modules of experts: shared ones under a softmax gate for each task and scenario, one for each scenario, and one for each task. The expert
 * of a row's scenario is balanced against the others (`perContext`, `balance`). Learned sigmoid weights add the modules.
 *
 * The paper ties the weights of a module to two numbers, and finds these by AutoML on validation rows. Here each task has its weights of the
 * scenario module and of each task expert, and training learns them.
 *
 * @throws PolytaskError when an option is missing, unknown or invalid; when the model is built, if the schema has no such context
 * @example m3oe({ extraction: 64, expert: mlp([32], { norm: 'layer' }), context: 'tab' })
 */
export const m3oe: (config: M3oeOptions) => NetworkSpec = defineNetwork(
  'm3oe',
  ({ extraction, expert, tower, shared, context }, tasks) => {
    const normalized = () => mlp([extraction], { norm: 'layer' });
    const layer = sequential(starExpert({ units: [extraction], activation: 'linear', context }), normalized());
    const balanced = perContext({ expert, others: 'balance', context });
    const units = [
      ...sharedUnit(shared),
      { ...oneExpert(SCENARIO, [SHARED]), expert: balanced },
      ...ownUnits(tasks).map((unit): Unit => ({ ...unit, reads: [SHARED] })),
    ];
    const sees = (see: (unit: Unit) => boolean) =>
      tasks.map(() => units.flatMap((unit) => new Array<boolean>(unit.experts).fill(see(unit))));
    return fusion([
      {
        units: sharedUnit(2),
        experts: [layer, normalized()],
        outputs: [SHARED],
        gate: identityGate({ sees: 'all' }),
      },
      {
        units,
        experts: expert,
        outputs: tasks,
        gateReads: Object.fromEntries(tasks.map((task) => [task, [SHARED]])),
        gate: sumGate(
          softmaxGate({ sees: sees(({ name }) => name === SHARED), perContext: context ?? true }),
          sigmoidGate({ sees: sees(({ name }) => name !== SHARED), reads: 'nothing' }),
        ),
      },
      ...(tower
        ? [
            {
              units: ownUnits(tasks),
              experts: perContext({ expert: tower, context }),
              outputs: tasks,
              gate: identityGate({ sees: 'own' as const }),
            },
          ]
        : []),
    ]);
  },
  {
    description:
      'shared experts under a gate for each task and scenario, experts of scenarios, and experts of tasks, added up',
    paper: 'Zhang et al., SIGIR 2024',
    variant: {
      useWhen: 'there are several tasks and several scenarios, and both differ among themselves',
      onlyNamed: true,
      needsContext: true,
      config: ({ widths: [first = 1, ...rest], experts, tasks, expert }) => ({
        extraction: first,
        expert: expert(rest.length > 0 ? rest : [first]),
        shared: Math.max(1, experts - tasks.length - 1),
      }),
    },
    options,
  },
);

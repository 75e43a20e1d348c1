import { wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, levelsOf, SHARED, type NetworkSpec, type Unit } from '@polytask/core';
import { linearExpert } from '@polytask/experts';
import { identityGate } from '@polytask/gating';
import { defineNetwork, expertLevels, oneExpert } from './levels.ts';

const options = {
  /** The levels of the trunk that all tasks share, from the input up; one or more. */
  levels: expertLevels.levels,
  /** Width of a task's vector. */
  units: wholeNumber(1),
};

export interface UberNetOptions extends Written<typeof options>, FromDescription {}

/**
 * UberNet for tables (Kokkinos, CVPR'17): every level of a shared trunk feeds every task. f_t = Σ_l C_t,l h_l, where h_l is
 * the output of level l and C_t,l a linear map of the task.
 *
 * @example uberNet({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }], units: 32 })
 */
export const uberNet: (config: UberNetOptions) => NetworkSpec = defineNetwork(
  'uber-net',
  ({ levels, units }, tasks) => {
    const trunk = levels.map((_, l): Unit => ({
      name: `trunk.${l}`,
      kind: 'shared',
      experts: 1,
      reads: [l === 0 ? SHARED : `trunk.${l - 1}`],
    }));
    return fusion([
      ...levels.map(({ experts }, l) => ({
        units: [trunk[l]!],
        experts,
        outputs: [trunk[l]!.name],
        keeps: trunk.slice(0, l).map(({ name }) => name),
        gate: identityGate({ sees: 'all' }),
      })),
      {
        units: trunk.flatMap(({ name }) => tasks.map((task) => oneExpert(`${name}.${task}`, [name]))),
        experts: linearExpert({ units }),
        outputs: tasks,
        gate: identityGate({
          sees: tasks.map((task) => trunk.flatMap(() => tasks.map((other) => (task === other ? 1 : 0)))),
        }),
      },
    ]);
  },
  {
    description: 'a shared trunk, every level of which feeds every task',
    paper: 'Kokkinos, CVPR 2017',
    variant: {
      useWhen: 'the tasks need features of different depths from one trunk',
      onlyNamed: true,
      config: (size) => ({ levels: levelsOf(size), units: size.widths.at(-1)! }),
    },
    options,
  },
);

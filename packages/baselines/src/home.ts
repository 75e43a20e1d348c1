import { listOf, optional, shaped, text, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, ownUnits, SHARED, sharedUnit, sumGate, type NetworkSpec, type Unit } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { checkGroups, defineNetwork, expertLevel } from './levels.ts';

const level = {
  ...expertLevel,
  /** The number of experts per group of tasks. */
  perGroup: optional(wholeNumber(1), 1),
  /** The number of experts that all tasks share. */
  shared: optional(wholeNumber(1), 1),
};

const upperLevel = {
  ...level,
  /** The number of experts per task. */
  perTask: optional(wholeNumber(1), 1),
};

const options = {
  /** Groups of similar tasks, such as tasks of watching and tasks of interaction. Each task is in one group. */
  groups: listOf(listOf(text, 1), 1),
  /** The lower level, with a lane for each group and a shared lane. */
  meta: shaped(level),
  /** The upper level, where each task also has its own experts. */
  tasks: shaped(upperLevel),
};

export interface HomeOptions extends Written<typeof options>, FromDescription {}

/**
 * HoME, hierarchy of multi-gate experts (Wang et al. 2024), without its low-rank feature gates.
 *
 * In the lower level, each group of tasks uses its own and the shared experts. The shared lane uses all experts. In the upper
 * level, a task uses its own, its group's and the shared experts. Own and group experts read the group's lane; shared experts
 * read the shared lane. The task's gate reads both lanes. In both levels a self-gate adds a mixture of each lane's own
 * experts. The experts of the paper use batch normalization and swish.
 *
 * @throws PolytaskError when a number or option is invalid
 * @throws PolytaskError, when the model is built, if the groups don't contain each task exactly once
 * @example
 * home({
 *   groups: [['view', 'finish'], ['like', 'share']],
 *   meta: { experts: mlp([64], { norm: 'batch', activation: 'swish' }) },
 *   tasks: { experts: mlp([32], { norm: 'batch', activation: 'swish' }) },
 * })
 */
export const home: (config: HomeOptions) => NetworkSpec = defineNetwork(
  'home',
  ({ groups, meta, tasks: upper }, tasks) => {
    checkGroups(groups, tasks, 'home.groups');
    const ordered = groups.map((group) => tasks.filter((task) => group.includes(task)));
    const lanes = ordered.map((group) => `group.${[...group].sort().join('.')}`);
    const laneOf = (task: string) => lanes[ordered.findIndex((group) => group.includes(task))]!;
    const grouped = (experts: number) => lanes.map((name): Unit => ({ name, kind: 'own', experts }));

    const units = [
      ...ownUnits(tasks, upper.perTask).map((unit) => ({ ...unit, reads: [laneOf(unit.name)] })),
      ...grouped(upper.perGroup),
      ...sharedUnit(upper.shared),
    ];
    const sees = tasks.map((task) =>
      units.flatMap(({ name, experts }) =>
        new Array<0 | 1>(experts).fill([task, laneOf(task), SHARED].includes(name) ? 1 : 0),
      ),
    );
    return fusion([
      {
        units: [...grouped(meta.perGroup), ...sharedUnit(meta.shared)],
        experts: meta.experts,
        outputs: [...lanes, SHARED],
        gate: sumGate(softmaxGate({ sees: 'own+shared' }), softmaxGate({ sees: 'own' })),
      },
      {
        units,
        experts: upper.experts,
        outputs: tasks,
        gateReads: Object.fromEntries(tasks.map((task) => [task, [laneOf(task), SHARED]])),
        gate: sumGate(softmaxGate({ sees }), softmaxGate({ sees: 'own' })),
      },
    ]);
  },
  {
    description: 'a hierarchy of experts: of all, of each half of the tasks, of each task; gates and self-gates',
    paper: 'Wang et al. 2024',
    variant: {
      useWhen: 'the tasks fall into groups, such as clicks and watch times',
      onlyNamed: true,
      config: ({ tasks, widths: [first = 1, ...rest] }) => {
        const half = Math.ceil(tasks.length / 2);
        const expert = (widths: readonly number[]) => mlp(widths, { norm: 'batch', activation: 'swish' });
        return {
          groups: [tasks.slice(0, half), tasks.slice(half)].filter((group) => group.length > 0),
          meta: { experts: expert([first]) },
          tasks: { experts: expert(rest.length > 0 ? rest : [first]) },
        };
      },
    },
    options,
  },
);

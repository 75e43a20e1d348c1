import { listOf, text, type FromDescription, type Written } from '@polytask/components';
import { fail, fusion, levelsOf, SHARED, type NetworkSpec } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { checkGroups, defineNetwork, expertLevels, oneExpert } from './levels.ts';

const options = {
  ...expertLevels,
  /** The groups of tasks at each level. A level may split the groups of the level below, but not join them. */
  branches: listOf(listOf(listOf(text, 1), 1), 1),
};

/** Groups of tasks. The tasks of a group share a branch. */
export type Groups = BranchedOptions['branches'][number];

export interface BranchedOptions extends Written<typeof options>, FromDescription {}

/**
 * Branched multi-task network (Vandenhende et al., BMVC'20): a tree of experts. Each branch of a level belongs to a group of
 * tasks and reads its parent branch in the level below. `branchesOf(taskAffinity(…), …)` finds a tree from trained
 * single-task networks.
 *
 * @throws PolytaskError when there is no level, or an option is missing, unknown or doesn't fit
 * @throws PolytaskError, when the model is built, if `branches` and `levels` differ in length, a level lacks a task, or a
 *   level joins groups of the level below
 * @example
 * branched({
 *   levels: [{ experts: mlp([64]) }, { experts: mlp([32]) }],
 *   branches: [[['a', 'b', 'c']], [['a', 'b'], ['c']]],
 * })
 */
export const branched: (config: BranchedOptions) => NetworkSpec = defineNetwork(
  'branched',
  ({ levels, branches }, tasks) => {
    if (branches.length !== levels.length) {
      fail({
        expected: `branches for ${levels.length} levels`,
        received: String(branches.length),
        fix: 'Give the groups of tasks at each level, from the input up.',
      });
    }
    branches.forEach((groups, l) => checkGroups(groups, tasks, `branched.branches[${l}]`));
    const nameOf = (group: readonly string[]) => `branch.${[...group].sort().join('.')}`;
    return fusion(
      levels.map(({ experts }, l) => {
        const groups = branches[l]!;
        const units = groups.map((group) => oneExpert(nameOf(group), [parentOf(group, branches, l, nameOf)]));
        const last = l === levels.length - 1;
        const sees = tasks.map((task) => groups.map((group) => (group.includes(task) ? 1 : 0) as 0 | 1));
        return {
          units,
          experts,
          outputs: last ? tasks : units.map(({ name }) => name),
          gate: identityGate({ sees: last ? sees : 'own' }),
        };
      }),
    );
  },
  {
    description: 'a tree of layers: all tasks together, and each alone at the last level',
    paper: 'Vandenhende et al., BMVC 2020',
    variant: {
      useWhen: 'you know which tasks belong together, or have measured their affinity',
      onlyNamed: true,
      config: (size) => ({
        levels: levelsOf(size),
        branches: size.widths.map((_, l) =>
          l === size.widths.length - 1 ? size.tasks.map((task) => [task]) : [size.tasks],
        ),
      }),
    },
    options,
  },
);

function parentOf(
  group: readonly string[],
  branches: readonly Groups[],
  l: number,
  nameOf: (group: readonly string[]) => string,
): string {
  if (l === 0) return SHARED;
  const parent = branches[l - 1]!.find((below) => group.every((task) => below.includes(task)));
  if (parent) return nameOf(parent);
  return fail({
    expected: `group [${group.join(', ')}] of level ${l} to be within one group of the level below`,
    received: JSON.stringify(branches[l - 1]),
    fix: 'A tree can only split what was together.',
  });
}

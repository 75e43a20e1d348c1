import { checks, defineNetwork, fail, fusion, SHARED, type Unit, levelsOf } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { checkGroups, expertLevel, type ExpertLevel } from './levels.ts';

const { listOf, shaped, text } = checks;

/** The tasks in groups; those of a group share a branch. */
export type Groups = readonly (readonly string[])[];

export interface BranchedConfig {
  /** From the input up, one or more. */
  levels: readonly ExpertLevel[];
  /** For each level the groups of tasks that share a branch there; a level may only split the groups below it. */
  branches: readonly Groups[];
}

/**
 * Branched multi-task network (Vandenhende et al., BMVC'20): a tree, whose branch at each level belongs to a group of tasks
 * and reads the branch below. `branchesOf(await taskAffinity(…))` finds a tree from trained single-task networks.
 *
 * @throws PolytaskError when there is no level, or an option is unknown; when the model is built, if there are other
 *   groups than levels, a level lacks a task, or joins what was split below
 * @example branched({ levels: [{ experts: mlp([64]) }, { experts: mlp([32]) }], branches: [[['a', 'b', 'c']], [['a', 'b'], ['c']]] })
 */
export const branched = defineNetwork<BranchedConfig>(
  'branched',
  ({ levels, branches }, tasks) => {
    if (branches.length !== levels.length) {
      fail({
        expected: `branches for ${levels.length} levels`,
        received: String(branches.length),
        mend: 'Give the groups of tasks at each level, from the input up.',
      });
    }
    branches.forEach((groups, l) => checkGroups(groups, tasks, `branched.branches[${l}]`));
    const nameOf = (group: readonly string[]) => `branch.${[...group].sort().join('.')}`;
    return fusion(
      levels.map(({ experts }, l) => {
        const groups = branches[l]!;
        const units = groups.map((group): Unit => ({
          name: nameOf(group),
          kind: 'own',
          experts: 1,
          reads: [parentOf(group, branches, l, nameOf)],
        }));
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
    package: '@polytask/baselines',
    variants: {
      branched: {
        onlyNamed: true,
        config: (size) => ({
          levels: levelsOf(size),
          branches: size.widths.map((_, l) =>
            l === size.widths.length - 1 ? size.tasks.map((task) => [task]) : [size.tasks],
          ),
        }),
      },
    },
    options: { levels: listOf(shaped(expertLevel), 1), branches: listOf(listOf(listOf(text, 1), 1), 1) },
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
    mend: 'A tree can only split what was together.',
  });
}

import { fail } from '@polytask/core';
import type { Groups } from './branched.ts';
import type { TaskAffinity } from './task-affinity.ts';

/**
 * Finds the tree whose branches join the most similar tasks (Vandenhende et al., BMVC'20, section 3.2). The cost of a branch
 * is the largest dissimilarity, 1 − affinity, of two of its tasks. The tree minimizes the sum over the levels of the mean
 * cost of the branches. All trees are compared.
 *
 * @param counts the number of branches at each level, from the input up; never fewer than at the level below
 * @returns the groups of tasks at each level, for {@link branched}
 * @throws PolytaskError when the counts don't fit the levels or tasks, or there are more than 8 tasks
 * @example branchesOf(affinity, [1, 2, 3])
 */
export function branchesOf({ tasks, levels }: TaskAffinity, counts: readonly number[]): Groups[] {
  const fits =
    counts.length === levels.length &&
    counts.every((count, l) => count >= (counts[l - 1] ?? 1) && count <= tasks.length);
  if (!fits || tasks.length > MOST) {
    fail({
      expected: `a number of branches for each of ${levels.length} levels, rising, up to ${tasks.length}; at most ${MOST} tasks`,
      received: `${JSON.stringify(counts)} for ${tasks.length} tasks`,
      fix: 'Give counts such as [1, 2, 3]. Write the branches yourself for more tasks.',
    });
  }
  const all = partitions(tasks.length);
  let best: { tree: number[][][]; cost: number }[] = [{ tree: [], cost: 0 }];
  levels.forEach((affinity, l) => {
    best = all
      .filter((groups) => groups.length === counts[l])
      .map((groups) => {
        const below = best.filter(({ tree }) => l === 0 || splits(groups, tree[l - 1]!));
        const cheapest = below.reduce((a, b) => (b.cost < a.cost ? b : a), below[0]!);
        return {
          tree: [...(cheapest?.tree ?? []), groups],
          cost: (cheapest?.cost ?? Infinity) + costOf(groups, affinity),
        };
      });
  });
  const { tree } = best.reduce((a, b) => (b.cost < a.cost ? b : a));
  return tree.map((groups) => groups.map((group) => group.map((task) => tasks[task]!)));
}

const MOST = 8;

const costOf = (groups: number[][], affinity: number[][]): number =>
  groups.reduce((sum, group) => sum + Math.max(...group.flatMap((a) => group.map((b) => 1 - affinity[a]![b]!))), 0) /
  groups.length;

const splits = (groups: number[][], below: number[][]): boolean =>
  groups.every((group) => below.some((wide) => group.every((task) => wide.includes(task))));

/** All partitions of 0 … n − 1 into groups. */
function partitions(n: number): number[][][] {
  if (n === 0) return [[]];
  return partitions(n - 1).flatMap((groups) => [
    ...groups.map((_, g) => groups.map((group, i) => (i === g ? [...group, n - 1] : group))),
    [...groups, [n - 1]],
  ]);
}

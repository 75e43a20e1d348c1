import * as tf from '@tensorflow/tfjs-core';
import { mean } from '@polytask/components';
import { fail, type Call, type Examples, type MultiTaskModel } from '@polytask/core';
import type { Groups } from './branched.ts';

export interface TaskAffinity {
  readonly tasks: readonly string[];
  /** The similarity of two tasks' representations, from −1 to 1: [level][task][task], from the input up. */
  readonly levels: number[][][];
}

/**
 * Measures how similar the tasks' representations of the same rows are (Dwivedi & Roig, CVPR'19; Vandenhende et al., BMVC'20,
 * section 3.1). At each level, the dissimilarity of two rows is 1 − r, where r is Pearson's correlation of their vectors.
 * The affinity of two tasks is Spearman's correlation of their dissimilarities.
 *
 * @param model a trained `singleTask` model, or any model with a lane for every task at every level
 * @param examples a few hundred rows. Time and memory grow with their square. Only the first 1,000 rows are used.
 * @throws PolytaskError when a level has no lane for a task
 * @example branched({ levels, branches: branchesOf(taskAffinity(model, validation), [1, 2]) })
 */
export function taskAffinity(model: MultiTaskModel, examples: Examples): TaskAffinity {
  const rows = Uint32Array.from({ length: Math.min(examples.size, MOST) }, (_, i) => i);
  const tasks = model.taskNames;
  const vectors = tf.tidy(() => {
    const features = model.toTensors(examples.batch(rows));
    const { lanes, raw } = model.input(features);
    const call: Call = { training: false, raw, features, addLoss: () => undefined };
    let currentLanes = lanes;
    return model.network.levels.map((level, l) => {
      currentLanes = level.apply(currentLanes, call);
      return tasks.map((task) => currentLanes.get(task)?.arraySync() ?? noLane(task, l));
    });
  });
  return {
    tasks,
    levels: vectors.map((each) => {
      const dissimilar = each.map((task) => ranks(pairs(task)));
      return dissimilar.map((a) => dissimilar.map((b) => pearson(a, b)));
    }),
  };
}

const MOST = 1000;

function pairs(rows: readonly (readonly number[])[]): number[] {
  return rows.flatMap((a, i) => rows.slice(i + 1).map((b) => 1 - pearson(a, b)));
}

/** Pearson's correlation; 0 when one of the two lists is constant. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  a.forEach((value, i) => {
    both += (value - meanA) * (b[i]! - meanB);
    squareA += (value - meanA) ** 2;
    squareB += (b[i]! - meanB) ** 2;
  });
  return squareA * squareB === 0 ? 0 : both / Math.sqrt(squareA * squareB);
}

/** Ranks in ascending order, from 0. Equal numbers get the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) result[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}

const noLane = (task: string, level: number): never =>
  fail({
    expected: `level ${level} of the model to give task "${task}" a vector`,
    received: 'none',
    fix: 'Take a singleTask model, which has a lane for every task at every level.',
  });

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
  if (!fits || tasks.length > MOST_TASKS) {
    fail({
      expected: `a number of branches for each of ${levels.length} levels, rising, up to ${tasks.length}; at most ${MOST_TASKS} tasks`,
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

const MOST_TASKS = 8;

const costOf = (groups: number[][], affinity: number[][]): number =>
  groups.reduce((sum, group) => sum + Math.max(...group.flatMap((a) => group.map((b) => 1 - affinity[a]![b]!))), 0) /
  groups.length;

const splits = (groups: number[][], below: number[][]): boolean =>
  groups.every((group) => below.some((wide) => group.every((task) => wide.includes(task))));

function partitions(n: number): number[][][] {
  if (n === 0) return [[]];
  return partitions(n - 1).flatMap((groups) => [
    ...groups.map((_, g) => groups.map((group, i) => (i === g ? [...group, n - 1] : group))),
    [...groups, [n - 1]],
  ]);
}

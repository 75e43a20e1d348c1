import * as tf from '@tensorflow/tfjs-core';
import { fail, type Call, type Examples, type MultiTaskModel } from '@polytask/core';

/** The similarity of tasks at each level of a model. */
export interface TaskAffinity {
  /** Names of the tasks, in the order of rows and columns. */
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

/** The dissimilarity 1 − r of each two rows. */
function pairs(rows: readonly (readonly number[])[]): number[] {
  return rows.flatMap((a, i) => rows.slice(i + 1).map((b) => 1 - pearson(a, b)));
}

/** Pearson's correlation; 0 when one of the two lists is constant. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
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

import { optional, text } from '@polytask/components';
import {
  distinctGroups,
  doubleMath,
  groupedTasks,
  groupLossOf,
  logitsOf,
  lossesFor,
  madeUpLabel,
  registered,
  rowLosses,
  rowLossOf,
  type LossSpec,
  type Task,
} from '@polytask/core';
import { taskLoss } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { lossNumbers } from '../checks/losses.ts';
import type { LossOfRows } from '../subject.ts';
import { declaredTask } from '../checks/tasks.ts';
import { tester } from '../tester.ts';
import { modelWith } from '../tiny/tiny-model.ts';

/** A loss on rows with each label of the task: outputs that are right, wrong, and in between. */
export function lossOfRows(spec: LossSpec, task: Task): LossOfRows {
  const labels = [...new Set([-1.3, 0.1, 2.2].map((score) => madeUpLabel(task, score)))];
  const width = logitsOf('a', task);
  const row = rowLossOf(spec, width);
  const rows = labels.flatMap((label) =>
    [-2.7, -0.6, 0.35, 1.9].map((level, i) => ({
      label,
      outputs: Array.from({ length: width }, (_, c) => level + 0.7 * ((i * c + c) % 3)),
    })),
  );
  return {
    outputs: rows.map(({ outputs }) => outputs),
    labels: rows.map(({ label }) => label),
    weights: rows.map(() => 1),
    onTensors: (z, y) => rowLosses(task, z, y),
    inDoubles: (outputs) =>
      rows.map(({ label }, i) => row(width === 1 ? outputs[i]![0]! : outputs[i]!, label, doubleMath) as number),
  };
}

const SCORES = [2.2, -1.3, 0.1, -1.3, 2.2, 0.1, -1.3, 2.2, 0.1, -1.3];
/** Two groups, and two rows without a group. */
const GROUPS = [7, 7, 7, 2, 2, 2, 7, -1, -1, 2];
/** A row of one group has no label. */
const WEIGHTS = [1, 2, 1, 1, 3, 2, 0, 1, 1, 2];

/** The loss on these rows of groups, by their indices. */
function groupLoss(
  spec: LossSpec,
  task: Task,
  rows: readonly number[] = [...SCORES.keys()],
  weights: readonly number[] = WEIGHTS,
): LossOfRows {
  const width = logitsOf('a', task);
  const labels = rows.map((row) => madeUpLabel(task, SCORES[row]!));
  const groups = Int32Array.from(rows, (row) => GROUPS[row]!);
  return {
    outputs: rows.map((row) => Array.from({ length: width }, (_each, c) => Math.sin(1 + 3 * row + c) * 2)),
    ...{ labels, weights },
    onTensors: (z, y, w) => taskLoss(task, z, y, w, tf.tensor1d(distinctGroups(groups), 'int32')),
    inDoubles(outputs) {
      const mean = groupLossOf(spec, width)!.mean();
      mean.add(outputs.flat(), { labels, weights, groups });
      return [mean.value()];
    },
  };
}

const kindFor = ({ name }: LossSpec): string => registered('task').find((kind) => lossesFor(kind).includes(name))!;

const options = {
  /** The kind of task that it is tested with. Default: the first that it is for. */
  task: optional(text),
};

/**
 * Tests a loss, in a model with a task that has it. A loss that compares the rows of a group is tested on batches with groups.
 *
 * @example testLoss(focal({ gamma: 1 }), { runner });
 */
export const testLoss = tester({ kind: 'loss', options }, (spec: LossSpec, { task: kind = kindFor(spec) }) => {
  const task = declaredTask(kind, { loss: spec });
  const isGrouped = groupedTasks({ a: task }).length > 0;
  const lossOf = (each: LossSpec) => (isGrouped ? groupLoss(each, task) : lossOfRows(each, task));
  const loss = lossOf(spec);
  return {
    ...{ spec, loss },
    numbers: (each: LossSpec) => ({ 'the losses': lossOf(each).inDoubles(loss.outputs) }),
    ...(isGrouped && {
      rows: {
        weights: WEIGHTS,
        within: [1e-4, 1e-4],
        // the gradient of each row, whose copies are added up
        found(rows: readonly number[], weights: readonly number[]) {
          const { gradient } = lossNumbers(groupLoss(spec, task, rows, weights));
          const width = logitsOf('a', task);
          const sums = new Float64Array(SCORES.length * width);
          gradient.forEach((value, i) => (sums[rows[Math.floor(i / width)]! * width + (i % width)]! += value));
          return { 'the gradient': sums };
        },
      },
    }),
    ...(!isGrouped && { meaning: task }),
    model: modelWith(() => task),
    way: () => ({ task }),
  };
});

import { listOf, number, optional, shaped, text } from '@polytask/components';
import { lossJets } from '@polytask/components/arithmetic';
import {
  distinctGroups,
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
import { expectAgreement } from '../cases/agreement.ts';
import { check } from '../cases/case.ts';
import { lossNumbers } from '../checks/losses.ts';
import type { LossOfRows } from '../subject.ts';
import { declaredTask, lossInDoubles } from '../checks/tasks.ts';
import { tester } from '../tester.ts';
import { modelWith } from '../tiny/tiny-model.ts';

const SCORES = [2.2, -1.3, 0.1, -1.3, 2.2, 0.1, -1.3, 2.2, 0.1, -1.3];
/** Two groups, and two rows without a group. */
const GROUPS = [7, 7, 7, 2, 2, 2, 7, -1, -1, 2];
/** A row of one group has no label. */
const WEIGHTS = [1, 2, 1, 1, 3, 2, 0, 1, 1, 2];
const FRACTIONS = WEIGHTS.map((weight) => weight / 2);

/** The loss on these rows, by their indices: labels of each kind, with outputs that are right, wrong, and in between. */
export function lossOfRows(
  spec: LossSpec,
  task: Task,
  rows: readonly number[] = [...SCORES.keys()],
  weights: readonly number[] = FRACTIONS,
): LossOfRows {
  const width = logitsOf('a', task);
  const labels = rows.map((row) => madeUpLabel(task, SCORES[row]!));
  const outputs = rows.map((row) => Array.from({ length: width }, (_, c) => Math.sin(1 + 3 * row + c) * 3));
  const groups = Int32Array.from(rows, (row) => GROUPS[row]!);
  const ofGroups = groupLossOf(spec, width);
  if (ofGroups) {
    return {
      ...{ outputs, labels, weights },
      onTensors: (z, y, w) => taskLoss(task, z, y, w, tf.tensor1d(distinctGroups(groups), 'int32')),
      inDoubles(of) {
        const mean = ofGroups.mean();
        mean.add(of.flat(), { labels, weights, groups });
        return [mean.value()];
      },
    };
  }
  const ofRow = lossInDoubles(spec, width);
  return {
    ...{ outputs, labels, weights },
    onTensors: (z, y) => rowLosses(task, z, y),
    inDoubles: (of) => of.map((z, i) => ofRow(z, labels[i]!)),
    derivatives(z, row, output) {
      const scores = z.map((each) => [each]);
      const { first, second } = lossJets(rowLossOf(spec, width), scores, [labels[row]!], output);
      return { first: first[0]!, second: second[0]! };
    },
  };
}

const kindFor = ({ name }: LossSpec): string => registered('task').find((kind) => lossesFor(kind).includes(name))!;

const options = {
  /** The kind of task that it is tested with. Default: the first that it is for. */
  task: optional(text),
  /** Losses of rows from its paper, or from another library: the outputs of a row, its encoded label, and the loss. Default: none. */
  values: optional(listOf(shaped({ outputs: listOf(number(), 1), label: number(), loss: number() })), []),
};

/**
 * Tests a loss, in a model with a task that has it. A loss that compares the rows of a group is tested on batches with groups.
 *
 * @example testLoss(focal({ gamma: 1 }), { values: [{ outputs: [0], label: 1, loss: Math.LN2 / 2 }], runner });
 */
export const testLoss = tester({ kind: 'loss', options }, (spec: LossSpec, { task: kind = kindFor(spec), values }) => {
  const task = declaredTask(kind, { loss: spec });
  const isGrouped = groupedTasks({ a: task }).length > 0;
  return {
    spec,
    loss: () => lossOfRows(spec, task),
    numbers(each: LossSpec) {
      const { outputs, inDoubles } = lossOfRows(each, task);
      return { 'the losses': inDoubles(outputs) };
    },
    ...(isGrouped && {
      rows: {
        weights: WEIGHTS,
        within: [1e-4, 1e-4],
        // the gradient of each row, whose copies are added up
        found(rows: readonly number[], weights: readonly number[]) {
          const { gradient } = lossNumbers(lossOfRows(spec, task, rows, weights));
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
    own: {
      ...(values.length > 0 && {
        'it has the losses of its formula': check(() => {
          const of = lossInDoubles(spec, logitsOf('a', task));
          const [seen, wanted] = [
            values.map(({ outputs, label }) => of(outputs, label)),
            values.map(({ loss }) => loss),
          ];
          expectAgreement(seen, wanted, 1e-6, 'the losses of `values`');
        }, 'Compare its terms and their signs with the formula.'),
      }),
    },
  };
});
